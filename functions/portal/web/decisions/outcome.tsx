import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { Trouble } from "../parts/notice.tsx";
import { usePortal } from "../session/context.ts";
import type { StandingDecision } from "./decision.ts";

/** What came of a decision that was carried out: the agent's record rests on it. */
export function Outcome({ decision: { id, outcome } }: { decision: StandingDecision }) {
  const { api } = usePortal();
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  if (outcome) {
    return (
      <p>
        What came of it: <strong>{outcome}</strong>
      </p>
    );
  }
  const measure = (outcome: string) =>
    api.post(`agents/decisions/${id}/outcome`, { outcome })
      .then(() => queries.invalidateQueries({ queryKey: ["decision", id] }))
      .catch(setError);
  return (
    <div className="row">
      <span>What came of it?</span>
      {["good", "neutral", "bad"].map((one) => (
        <Button key={one} onPress={() => measure(one)}>{one}</Button>
      ))}
      {error !== null && <Trouble error={error} />}
    </div>
  );
}
