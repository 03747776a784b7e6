import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { Actor } from "../parts/actor.tsx";
import { LongText } from "../parts/long_text.tsx";
import { When } from "../parts/when.tsx";
import { linkTo } from "../router.ts";
import type { Api } from "../session/api.ts";
import { usePortal } from "../session/context.ts";

/** Acts asked for of each kind, and shown. */
const MOST = 50;

/** What happened, and when. */
interface Step {
  at: string;
  shown: ReactNode;
}

interface Failed {
  attempt: number;
  failed_at: string;
  error_code: string;
  error: string;
}

/** Each attempt that failed, and what people did about it, in order; then how it ended. */
export function Attempts({ event }: { event: StoredEvent }) {
  const { api, staff } = usePortal();
  const { id, processed, processed_at, processing_attempts, skip_reason } = event;
  const { data } = useQuery({
    queryKey: ["attempts", id, processed, processing_attempts],
    enabled: staff && (processing_attempts > 1 || !processed || skip_reason !== null),
    queryFn: async () => {
      const [failed, acts] = await Promise.all([
        api.get<{ attempts: Failed[] }>(`database-manager/events/${id}/attempts`),
        actsOn(api, event),
      ]);
      const codes = failed.attempts.map(({ error_code }) => error_code);
      const own = acts.filter(({ created_at, data: { error_code } }) =>
        (typeof error_code !== "string" || codes.includes(error_code)) &&
        Date.parse(created_at) <= Date.parse(processed_at ?? created_at)
      );
      return [...failed.attempts.map(failure), ...own.map(act)]
        .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
    },
  });
  if (!data || data.length === 0) return null;
  return (
    <ol className="stack tight" aria-label="Attempts and retries">
      {data.map(({ at, shown }, index) => (
        <li key={index}>
          {shown}{" "}
          <span className="quiet">
            · <When at={at} />
          </span>
        </li>
      ))}
      {processed && (
        <li>
          {skip_reason === null
            ? `Attempt ${processing_attempts} succeeded`
            : "It counts as processed"}{" "}
          <span className="quiet">
            · <When at={processed_at} />
          </span>
        </li>
      )}
    </ol>
  );
}

/** What people did to an event alone, to some with it, and to all that failed: each act is an event of its own. */
async function actsOn(api: Api, { id, created_at }: StoredEvent): Promise<StoredEvent[]> {
  const ask = async (query: Record<string, string>) => {
    const all = { ...query, aggregate_type: "system", since: created_at, limit: MOST };
    return (await api.get<{ events: StoredEvent[] }>("events", all)).events;
  };
  const found = await Promise.all([
    ask({ data: JSON.stringify({ event_id: id }) }),
    ask({ data: JSON.stringify({ event_ids: [id] }) }),
    ask({ event_type: "system.events_retried" }),
  ]);
  return found.flat();
}

function failure({ attempt, failed_at, error_code, error }: Failed): Step {
  return {
    at: failed_at,
    shown: (
      <>
        <span className="bad">Attempt {attempt} failed</span>: <code>{error_code}</code>{" "}
        <LongText text={error} shown={200} />
      </>
    ),
  };
}

function act({ id, event_type, created_by, created_at, data }: StoredEvent): Step {
  const all = typeof data.error_code === "string" ? `all with ${data.error_code}` : "all";
  return {
    at: created_at,
    shown: (
      <>
        <a href={linkTo(["event", id])}>
          {event_type.replace("system.", "").replaceAll("_", " ")}
        </a>
        {event_type === "system.events_retried" && ` (${all})`} by <Actor name={created_by} />
        {typeof data.reason === "string" && (
          <>
            , “<LongText text={data.reason} />”
          </>
        )}
      </>
    ),
  };
}
