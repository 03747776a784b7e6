import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { Button } from "../parts/button.tsx";
import { LongText } from "../parts/long_text.tsx";
import { Behind, useObstacle } from "../parts/obstacle.tsx";
import { Trouble } from "../parts/notice.tsx";
import { ReasonPopup } from "../parts/reason_popup.tsx";
import { When } from "../parts/when.tsx";
import { usePortal } from "../session/context.ts";
import { Attempts } from "./attempts.tsx";

/** How often it was tried, why it failed, what people did about it, and what one can do. */
export function Processing({ event }: { event: StoredEvent }) {
  return (
    <section className="card">
      <h2>Processing</h2>
      <dl className="facts">
        <dt>Attempts</dt>
        <dd>{event.processing_attempts}</dd>
        <dt>Processed</dt>
        <dd>{event.processed ? <When at={event.processed_at} both /> : "not yet"}</dd>
        {event.processing_error !== null && (
          <>
            <dt>Error</dt>
            <dd className="bad">
              <LongText text={event.processing_error} shown={500} />
            </dd>
          </>
        )}
        {event.next_attempt_at !== null && (
          <>
            <dt>Tried again</dt>
            <dd>
              <When at={event.next_attempt_at} both />
            </dd>
          </>
        )}
        {event.skip_reason !== null && (
          <>
            <dt>Skipped</dt>
            <dd>
              <LongText text={event.skip_reason} />
            </dd>
          </>
        )}
      </dl>
      {!event.processed && <Waits event={event} />}
      <Attempts event={event} />
      {!event.processed && <Controls event={event} />}
    </section>
  );
}

/** That another event of its aggregate is in its way. */
function Waits({ event }: { event: StoredEvent }) {
  const obstacle = useObstacle(event);
  if (!obstacle || obstacle.event_number >= event.event_number) return null;
  return <Behind what="It waits" obstacle={obstacle} />;
}

function Controls({ event }: { event: StoredEvent }) {
  const { api, staffOnly } = usePortal();
  const queries = useQueryClient();
  const [asking, setAsking] = useState<"retry" | "skip" | null>(null);
  const [error, setError] = useState<unknown>(null);
  const closed = staffOnly ??
    (event.processing_error === null ? "It has not failed: it is processed by itself." : null);
  async function act(name: "retry" | "skip", reason: string) {
    setError(null);
    await api.post(`database-manager/events/${event.id}/${name}`, reason ? { reason } : {});
    await queries.invalidateQueries({ queryKey: ["event", event.id] });
    await queries.invalidateQueries({ queryKey: ["attempts", event.id] });
  }
  return (
    <>
      <div className="row">
        <Button closed={closed} onPress={() => act("retry", "").catch(setError)}>Retry</Button>
        <Button closed={closed} told kind="danger" onPress={() => setAsking("skip")}>Skip…</Button>
      </div>
      {error !== null && <Trouble error={error} />}
      {asking === "skip" && (
        <ReasonPopup
          title={`Skip ${event.event_type} ${event.event_number}`}
          act="Skip it"
          run={(reason) => act("skip", reason)}
          onClose={() => setAsking(null)}
        >
          <p>
            It will count as processed and change no state. Later events of the aggregate go on.
          </p>
        </ReasonPopup>
      )}
    </>
  );
}
