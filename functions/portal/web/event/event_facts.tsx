import type { ReactNode } from "react";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { Actor } from "../parts/actor.tsx";
import { LongText } from "../parts/long_text.tsx";
import { When } from "../parts/when.tsx";
import { linkTo } from "../router.ts";

/** Who, when and why. */
export function EventFacts({ event }: { event: StoredEvent }) {
  const { metadata, correlation_id, causation_id } = event;
  const key = typeof metadata.correlation_key === "string" ? metadata.correlation_key : null;
  return (
    <section className="card">
      <h2>Who, when, why</h2>
      <dl className="facts">
        <dt>Actor</dt>
        <dd>
          <a href={linkTo(["stream"], { created_by: event.created_by })}>
            <Actor name={event.created_by} />
          </a>
          {event.created_by.startsWith("user:") && (
            <code className="quiet beside">{event.created_by}</code>
          )}
          {event.metadata.claimed_created_by !== undefined && (
            <span className="quiet beside">
              claimed to be <bdi>{`${event.metadata.claimed_created_by}`.slice(0, 255)}</bdi>
            </span>
          )}
        </dd>
        <dt>Posted</dt>
        <dd>
          <When at={event.created_at} both />
        </dd>
        <Fact name="Caused by" value={causation_id}>
          <a href={linkTo(["event", causation_id ?? ""])}>{causation_id}</a>
        </Fact>
        <Fact name="Correlation" value={correlation_id}>
          <a href={linkTo(["stream"], { correlation_id: key ?? correlation_id ?? "" })}>
            <bdi>{key ?? correlation_id}</bdi>
          </a>
        </Fact>
        <Fact name="For user" value={event.user_id}>
          <a href={linkTo(["stream"], { user_id: event.user_id ?? "" })}>
            <Actor name={`user:${event.user_id}`} />
          </a>{" "}
          <code className="quiet">{event.user_id}</code>
        </Fact>
        <Fact name="Owner" value={event.owner_id} />
        <Fact name="Idempotency key" value={event.idempotency_key} />
        <dt>Schema version</dt>
        <dd>{event.schema_version}</dd>
        <dt>Event id</dt>
        <dd>
          <code>{event.id}</code>
        </dd>
      </dl>
    </section>
  );
}

function Fact(
  { name, value, children }: { name: string; value: string | null; children?: ReactNode },
) {
  if (value === null) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{children ?? <LongText text={value} />}</dd>
    </>
  );
}
