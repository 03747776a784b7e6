import { useQuery } from "@tanstack/react-query";
import { type DryRun, Expected } from "../compose/expected.tsx";
import { JsonTree } from "../parts/json_tree.tsx";
import { Trouble } from "../parts/notice.tsx";
import { shortId } from "../parts/short_id.ts";
import { linkTo } from "../router.ts";
import { usePortal } from "../session/context.ts";
import type { ProposedEvent, StandingDecision } from "./decision.ts";

/** Events of a decision that are tried out; of more only what they say is shown. */
const TRIED = 10;

/** What a decision would post, and, while it is open, which rows that would change. */
export function Result({ decision, open }: { decision: StandingDecision; open: boolean }) {
  return (
    <div className="stack">
      {decision.proposed_events.map((event, index) => (
        <section key={index} className="stack tight" aria-label={`Event ${index + 1}`}>
          <h3>
            {event.event_type}{" "}
            <a href={linkTo(["aggregate", event.aggregate_type, event.aggregate_id])}>
              {event.aggregate_type} {shortId(event.aggregate_id)}
            </a>
          </h3>
          <JsonTree value={event.data} />
          {open && index < TRIED && <Tried event={event} />}
        </section>
      ))}
    </div>
  );
}

function Tried({ event: { event_type, aggregate_type, aggregate_id, data } }: {
  event: ProposedEvent;
}) {
  const { api } = usePortal();
  const event = { event_type, aggregate_type, aggregate_id, data };
  const { data: answer, error } = useQuery({
    queryKey: ["dry run", event],
    queryFn: () => api.post<DryRun>("events/dry-run", event),
    staleTime: 15_000,
  });
  if (error) return <Trouble error={error} />;
  return answer && <Expected answer={answer} of={event} />;
}
