import { useQuery } from "@tanstack/react-query";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { Loading, Trouble } from "../parts/notice.tsx";
import { shortId } from "../parts/short_id.ts";
import { When } from "../parts/when.tsx";
import { linkTo } from "../router.ts";
import { usePortal } from "../session/context.ts";

interface Trace {
  event: StoredEvent;
  /** The nearest first. */
  causes: StoredEvent[];
  effects: StoredEvent[];
  correlated: StoredEvent[];
  truncated: boolean;
}

/** What led to the event, and what it led to. */
export function TraceTree({ event }: { event: StoredEvent }) {
  return (
    <section className="card">
      <h2>Causes and effects</h2>
      <Tree event={event} />
    </section>
  );
}

function Tree({ event }: { event: StoredEvent }) {
  const { api, staffOnly } = usePortal();
  const { data, error, refetch } = useQuery({
    queryKey: ["trace", event.id, event.processed],
    queryFn: () => api.get<Trace>(`events/${event.id}/trace`),
    enabled: staffOnly === null,
  });
  if (staffOnly) return <p className="quiet">{staffOnly}</p>;
  if (error) return <Trouble error={error} retry={refetch} />;
  if (!data) return <Loading what="the tree" />;
  const alone = data.causes.length + data.effects.length === 0;
  return (
    <>
      {alone && <p className="quiet">No event caused it, and it caused none.</p>}
      {!alone && <Chain causes={data.causes.toReversed()} trace={data} here={event.id} />}
      {data.truncated && <p className="quiet">There are more than are shown.</p>}
      {data.correlated.length > 1 && (
        <details>
          <summary>{data.correlated.length} events with the same correlation</summary>
          <ul>
            {data.correlated.map((one) => (
              <li key={one.id}>
                <Step event={one} here={event.id} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** The first cause, and below each what followed from it. */
function Chain({ causes, trace, here }: { causes: StoredEvent[]; trace: Trace; here: string }) {
  const [first, ...rest] = causes;
  if (!first) {
    return (
      <ul className="causes">
        <Effects event={trace.event} trace={trace} here={here} />
      </ul>
    );
  }
  return (
    <ul className="causes">
      <li>
        <Step event={first} here={here} />
        <Chain causes={rest} trace={trace} here={here} />
      </li>
    </ul>
  );
}

function Effects({ event, trace, here }: { event: StoredEvent; trace: Trace; here: string }) {
  const effects = trace.effects.filter(({ causation_id }) => causation_id === event.id);
  return (
    <li>
      <Step event={event} here={here} />
      {effects.length > 0 && (
        <ul className="causes">
          {effects.map((effect) => (
            <Effects key={effect.id} event={effect} trace={trace} here={here} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Step({ event, here }: { event: StoredEvent; here: string }) {
  const { id, event_number, event_type, aggregate_type, aggregate_id, created_at } = event;
  const name = `${event_number} ${event_type}`;
  return (
    <span>
      {id === here ? <strong>{name}</strong> : <a href={linkTo(["event", id])}>{name}</a>}{" "}
      <span className="quiet">
        {aggregate_type} {shortId(aggregate_id)} · <When at={created_at} />
      </span>
    </span>
  );
}
