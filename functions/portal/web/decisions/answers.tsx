import { useEffect, useEffectEvent, useState } from "react";
import { Button } from "../parts/button.tsx";
import { usePortal } from "../session/context.ts";
import { type Answer, AnswerPopup } from "./answer_popup.tsx";
import { useAnswered } from "./answered.ts";
import { EditPopup } from "./edit_popup.tsx";
import type { StandingDecision } from "./decision.ts";

type Asked = Answer | "edit";

/** Approve, edit, reject: by button or by `a`, `e`, `r`. */
export function Answers({ decision, onDone }: {
  decision: StandingDecision;
  /** Told what was done, in a word. */
  onDone: (done: string) => void;
}) {
  const { user } = usePortal();
  const done = useAnswered(decision.id, onDone);
  const [asking, setAsking] = useState<Asked | null>(null);
  const me = `user:${user.id}`;
  const veto = decision.veto_until !== null;
  const closed = decision.proposed_by === me
    ? "You proposed it: somebody else has to approve."
    : decision.approved_by.includes(me)
    ? "You have approved it: somebody else has to, too."
    : decision.standing.stopped
    ? "The agent is stopped."
    : null;
  const ask = useEffectEvent((answer: Asked) => {
    if (answer === "reject" || closed === null) setAsking(answer);
  });
  useEffect(() => {
    const keys: Record<string, Asked> = { a: "approve", e: "edit", r: "reject" };
    function pressed(event: KeyboardEvent) {
      const typing = event.target instanceof HTMLElement &&
        event.target.matches("input, textarea, select");
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector("[role=dialog]")) return;
      const answer = keys[event.key];
      if (!answer) return;
      event.preventDefault(); // the key does not land in the dialog's field
      ask(answer);
    }
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
  const close = () => setAsking(null);
  return (
    <div className="row">
      <Button kind="primary" closed={closed} onPress={() => setAsking("approve")}>Approve</Button>
      <Button closed={closed} told onPress={() => setAsking("edit")}>Edit</Button>
      <Button kind="danger" onPress={() => setAsking("reject")}>{veto ? "Veto" : "Reject"}</Button>
      {veto && (
        <span className="quiet">
          It is done when the veto window ends, unless somebody objects.
        </span>
      )}
      {asking === "edit" && <EditPopup decision={decision} onClose={close} onDone={done} />}
      {asking !== null && asking !== "edit" && (
        <AnswerPopup answer={asking} decision={decision} onClose={close} onDone={done} />
      )}
    </div>
  );
}
