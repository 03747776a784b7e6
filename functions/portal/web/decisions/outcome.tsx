import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { Trouble } from "../parts/notice.tsx";
import { ReasonPopup } from "../parts/reason_popup.tsx";
import { usePortal } from "../session/context.ts";
import type { StandingDecision } from "./decision.ts";

/** What came of a decision that was carried out: the agent's record rests on it. People correct it. */
export function Outcome({ decision: { id, outcome, review, proposed_by } }: {
  decision: StandingDecision;
}) {
  const { api, user } = usePortal();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const own = proposed_by === `user:${user.id}`;
  async function measure(outcome: string, note?: string) {
    setError(null);
    await api.post(`agents/decisions/${id}/outcome`, { outcome, ...(note && { note }) });
    await queries.invalidateQueries({ queryKey: ["decisions"] });
    await queries.invalidateQueries({ queryKey: ["decision", id] });
  }
  return (
    <>
      {review === "waiting" && (
        <p className="notice warn">
          The agent did it alone, and it was drawn for review: say what came of it.
        </p>
      )}
      <div className="row">
        {outcome
          ? (
            <span>
              What came of it: <strong>{outcome}</strong>
            </span>
          )
          : <span>What came of it?</span>}
        {["good", "neutral", "bad"].map((one, index) => (
          <Button
            key={one}
            pressed={one === outcome}
            closed={own ? "You proposed it: somebody else judges it." : null}
            told={index > 0}
            onPress={() => one === "bad" ? setAsking(true) : measure(one).catch(setError)}
          >
            {one}
          </Button>
        ))}
      </div>
      {error !== null && <Trouble error={error} />}
      {asking && (
        <ReasonPopup
          title="It came out badly"
          act="It was bad"
          run={(reason) => measure("bad", reason)}
          onClose={() => setAsking(false)}
        >
          <p>The agent loses its autonomy in this type of decision.</p>
        </ReasonPopup>
      )}
    </>
  );
}
