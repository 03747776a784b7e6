import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { LongText } from "../parts/long_text.tsx";
import { Trouble } from "../parts/notice.tsx";
import { ReasonPopup } from "../parts/reason_popup.tsx";
import { When } from "../parts/when.tsx";
import { linkTo } from "../router.ts";
import { usePortal } from "../session/context.ts";
import type { FailedEvent } from "./status.ts";

/** Aggregates that wait behind a failed event: why, and what to do, for one or for many. */
export function Parked({ failed, total }: { failed: FailedEvent[]; total: number }) {
  const { api } = usePortal();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [skipping, setSkipping] = useState<FailedEvent[]>([]);
  const [error, setError] = useState<unknown>(null);
  const picked = failed.filter(({ event_id }) => chosen.has(event_id));
  const codes = [...new Set(failed.map(({ error_code }) => error_code))];
  async function after(act: Promise<unknown>) {
    setError(null);
    try {
      await act;
    } catch (error) {
      setError(error);
    }
    await queries.invalidateQueries({ queryKey: ["status"] });
  }
  async function skip(reason: string) {
    for (const { event_id } of skipping) {
      await api.post(`database-manager/events/${event_id}/skip`, { reason });
    }
    setChosen(new Set());
    await queries.invalidateQueries({ queryKey: ["status"] });
  }
  const retry = (events: FailedEvent[]) =>
    after(api.post("database-manager/process", { event_ids: events.map((e) => e.event_id) }));
  if (failed.length === 0) return null;
  const none = picked.length === 0 ? "Choose events first." : null;
  return (
    <section className="card" aria-label="Parked">
      <div className="row spread">
        <h2>
          Parked:{" "}
          {total === 1 ? "1 aggregate waits" : `${total.toLocaleString("en")} aggregates wait`}{" "}
          for people
        </h2>
        <div className="row">
          <Button closed={none} onPress={() => retry(picked)}>Retry {picked.length}</Button>
          <Button closed={none} kind="danger" onPress={() => setSkipping(picked)}>
            Skip {picked.length}…
          </Button>
          {codes.map((error_code) => (
            <Button
              key={error_code}
              onPress={() => after(api.post("database-manager/retry", { error_code }))}
            >
              Retry all with {error_code}
            </Button>
          ))}
        </div>
      </div>
      {error !== null && <Trouble error={error} />}
      <div className="scroll" tabIndex={0} role="region" aria-label="Parked events">
        <table className="wide">
          <thead>
            <tr>
              <th>
                <input
                  type="checkbox"
                  aria-label="Choose all"
                  checked={picked.length === failed.length}
                  onChange={({ target }) =>
                    setChosen(new Set(target.checked ? failed.map((e) => e.event_id) : []))}
                />
              </th>
              <th>Event</th>
              <th>Aggregate</th>
              <th>Cause</th>
              <th className="number">Tries</th>
              <th className="number">Behind</th>
              <th>Since</th>
              <th>Do</th>
            </tr>
          </thead>
          <tbody>
            {failed.map((event) => (
              <ParkedRow
                key={event.event_id}
                event={event}
                chosen={chosen.has(event.event_id)}
                choose={(on) => {
                  const next = new Set(chosen);
                  if (on) next.add(event.event_id);
                  else next.delete(event.event_id);
                  setChosen(next);
                }}
                retry={() => retry([event])}
                skip={() => setSkipping([event])}
              />
            ))}
          </tbody>
        </table>
      </div>
      {skipping.length > 0 && (
        <ReasonPopup
          title={skipping.length === 1
            ? `Skip event ${skipping[0]?.event_number}`
            : `Skip ${skipping.length} events`}
          act="Skip"
          run={skip}
          onClose={() => setSkipping([])}
        >
          <p>Skipped events count as processed and change no state. What waits behind goes on.</p>
        </ReasonPopup>
      )}
    </section>
  );
}

function ParkedRow({ event, chosen, choose, retry, skip }: {
  event: FailedEvent;
  chosen: boolean;
  choose: (on: boolean) => void;
  retry: () => void;
  skip: () => void;
}) {
  const { event_id, event_number, event_type, aggregate_type, aggregate_id } = event;
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          aria-label={`Choose ${event_number}`}
          checked={chosen}
          onChange={({ target }) => choose(target.checked)}
        />
      </td>
      <td>
        <a href={linkTo(["event", event_id])}>{event_number} {event_type}</a>
      </td>
      <td>
        <a href={linkTo(["aggregate", aggregate_type, aggregate_id])}>
          {aggregate_type} {aggregate_id.slice(0, 8)}
        </a>
      </td>
      <td>
        <code>{event.error_code}</code> <LongText text={event.error} shown={160} />
      </td>
      <td className="number">{event.attempts}</td>
      <td className="number">{event.waiting_behind}</td>
      <td>
        {event.parked_at ? <When at={event.parked_at} /> : (
          <>
            again <When at={event.next_attempt_at} />
          </>
        )}
      </td>
      <td>
        <div className="row">
          <Button label={`Retry ${event_number}`} onPress={retry}>Retry</Button>
          <Button label={`Skip ${event_number}`} kind="danger" onPress={skip}>Skip…</Button>
        </div>
      </td>
    </tr>
  );
}
