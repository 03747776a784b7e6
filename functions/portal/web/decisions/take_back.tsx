import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { Button } from "../parts/button.tsx";
import { ReasonPopup } from "../parts/reason_popup.tsx";
import type { Api } from "../session/api.ts";
import { usePortal } from "../session/context.ts";
import { useAnswered } from "./answered.ts";
import type { ProposedEvent, StandingDecision } from "./decision.ts";
import { Target } from "./target.tsx";

/** Targets that are looked at; of more the API says whether they have moved. */
const LOOKED_AT = 20;

/** Undoes a decision that was carried out, by the events that it named for that. */
export function TakeBack({ decision, onDone }: {
  decision: StandingDecision;
  /** Told what was done, in a word. */
  onDone: (done: string) => void;
}) {
  const { api, staffOnly } = usePortal();
  const [asking, setAsking] = useState(false);
  const { id, compensation, edited_by, standing } = decision;
  const done = useAnswered(id, onDone);
  const { data: mover } = useQuery({
    queryKey: ["moved since", id, standing.targets.map((one) => one.current_version)],
    enabled: compensation !== null,
    queryFn: () => moverOf(api, decision),
  });
  const closed = staffOnly ??
    (compensation === null
      ? `The ${edited_by ? "edit" : "proposal"} names nothing that would undo it.`
      : mover
      ? `${mover.event_type} ${mover.event_number} has moved ${mover.aggregate_type} since.`
      : null);
  async function takeBack(reason: string) {
    await api.post(`agents/decisions/${id}/compensate`, { reason });
    done("Taken back");
  }
  return (
    <div className="row">
      <Button kind="danger" closed={closed} onPress={() => setAsking(true)}>Take back…</Button>
      {asking && (
        <ReasonPopup
          title="Take the decision back"
          act="Take it back"
          run={takeBack}
          onClose={() => setAsking(false)}
        >
          <p>It is posted, and the agent loses its autonomy in this type of decision:</p>
          <ul>
            {compensation?.map((event, index) => (
              <li key={index}>
                {event.event_type} · <Target event={event} />
              </li>
            ))}
          </ul>
        </ReasonPopup>
      )}
    </div>
  );
}

/** The first event since the execution because of which it cannot be taken back. */
async function moverOf(api: Api, decision: StandingDecision): Promise<StoredEvent | null> {
  const { id, compensation, standing } = decision;
  const written = standing.targets.filter((target) =>
    compensation?.some((event) => isOf(event, target))
  );
  for (const target of written.slice(0, LOOKED_AT)) {
    const path = `events/aggregate/${target.aggregate_type}/${target.aggregate_id}/history`;
    const { events } = await api.get<{ events: StoredEvent[] }>(path, {
      cursor: target.version,
      limit: 1000,
    });
    const own = events.findLastIndex(({ metadata }) => metadata.decision_id === id);
    const mover = events.slice(own + 1).find(({ event_type }) =>
      target.depends_on?.includes(event_type) ?? true
    );
    if (mover) return mover;
  }
  return null;
}

function isOf(event: ProposedEvent, of: { aggregate_type: string; aggregate_id: string }): boolean {
  return event.aggregate_type === of.aggregate_type && event.aggregate_id === of.aggregate_id;
}
