import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { LongText } from "../parts/long_text.tsx";
import { Trouble } from "../parts/notice.tsx";
import { ReasonPopup } from "../parts/reason_popup.tsx";
import { shortId } from "../parts/short_id.ts";
import { type Column, SortableTable } from "../parts/sortable_table.tsx";
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
  function choose(event_id: string, on: boolean) {
    const next = new Set(chosen);
    if (on) next.add(event_id);
    else next.delete(event_id);
    setChosen(next);
  }
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
          <Button closed={none} told kind="danger" onPress={() => setSkipping(picked)}>
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
        <SortableTable
          wide
          rows={failed}
          keyOf={({ event_id }) => event_id}
          columns={[
            {
              name: "Choose",
              head: (
                <input
                  type="checkbox"
                  aria-label="Choose all"
                  checked={picked.length === failed.length}
                  onChange={({ target }) =>
                    setChosen(new Set(target.checked ? failed.map((e) => e.event_id) : []))}
                />
              ),
              show: ({ event_id, event_number }) => (
                <input
                  type="checkbox"
                  aria-label={`Choose ${event_number}`}
                  checked={chosen.has(event_id)}
                  onChange={({ target }) => choose(event_id, target.checked)}
                />
              ),
            },
            ...facts,
            {
              name: "Do",
              show: (event) => (
                <div className="row">
                  <Button label={`Retry ${event.event_number}`} onPress={() => retry([event])}>
                    Retry
                  </Button>
                  <Button
                    label={`Skip ${event.event_number}`}
                    kind="danger"
                    onPress={() => setSkipping([event])}
                  >
                    Skip…
                  </Button>
                </div>
              ),
            },
          ]}
        />
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

/** What is known of each. */
const facts: Column<FailedEvent>[] = [
  {
    name: "Event",
    by: (event) => event.event_number,
    show: ({ event_id, event_number, event_type }) => (
      <a href={linkTo(["event", event_id])}>{event_number} {event_type}</a>
    ),
  },
  {
    name: "Aggregate",
    by: ({ aggregate_type, aggregate_id }) => `${aggregate_type} ${aggregate_id}`,
    show: ({ aggregate_type, aggregate_id }) => (
      <a href={linkTo(["aggregate", aggregate_type, aggregate_id])}>
        {aggregate_type} {shortId(aggregate_id)}
      </a>
    ),
  },
  {
    name: "Cause",
    by: (event) => event.error_code,
    show: (event) => (
      <>
        <code>{event.error_code}</code> <LongText text={event.error} shown={160} />
      </>
    ),
  },
  {
    name: "Tries",
    number: true,
    by: (event) => event.attempts,
    show: (event) => event.attempts,
  },
  {
    name: "Behind",
    number: true,
    by: (event) => event.waiting_behind,
    show: (event) => event.waiting_behind,
  },
  {
    name: "Since",
    by: (event) => event.parked_at ?? "",
    show: (event) =>
      event.parked_at ? <When at={event.parked_at} /> : (
        <>
          again <When at={event.next_attempt_at} />
        </>
      ),
  },
];
