import { type FormEvent, useState } from "react";
import { useDraft } from "../parts/draft.ts";
import { Trouble } from "../parts/notice.tsx";
import { Popup } from "../parts/popup.tsx";
import { usePortal } from "../session/context.ts";
import type { StandingDecision } from "./decision.ts";
import { Target } from "./target.tsx";

export type Answer = "approve" | "reject";

const titles: Record<Answer, string> = {
  approve: "Approve the decision",
  reject: "Reject the decision",
};

/** Events that the dialog names. */
const SHOWN = 5;

const codes = ["wrong_data", "too_risky", "bad_timing", "not_needed", "against_policy", "other"];

/** What is said in the dialog. */
interface Said {
  code: string;
  note: string;
}

/** An answer with a note. What is approved is the version one sees. */
export function AnswerPopup({ answer, decision, onClose, onDone }: {
  answer: Answer;
  decision: StandingDecision;
  onClose: () => void;
  /** Told what was done, in a word. */
  onDone: (done: string) => Promise<void>;
}) {
  const { api } = usePortal();
  // As it was when the dialog opened: what comes meanwhile is not approved unseen.
  const [{ id, version, proposed_events }] = useState(decision);
  const [{ code, note }, write, forget] = useDraft<Said>(
    `decision.${id}.${version}.${answer}`,
    () => ({ code: "", note: "" }),
  );
  const say = (change: Partial<Said>) => write({ code, note, ...change });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const said = note.trim() ? { note: note.trim() } : {};
    try {
      if (answer === "reject") {
        await api.post(`agents/decisions/${id}/reject`, { reason_code: code, ...said });
      } else {
        await api.post(`agents/decisions/${id}/approve`, { version, ...said });
      }
      forget();
      onClose();
      await onDone(answer === "reject" ? "Rejected" : "Approved");
    } catch (error) {
      setError(error);
      setBusy(false);
    }
  }
  return (
    <Popup title={titles[answer]} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <ul aria-label="What it changes">
          {proposed_events.slice(0, SHOWN).map((event, index) => (
            <li key={index}>
              <Target event={event} />
            </li>
          ))}
          {proposed_events.length > SHOWN && <li>and {proposed_events.length - SHOWN} more</li>}
        </ul>
        {answer === "reject" && (
          <label className="field">
            <span>Reason</span>
            <select
              required
              autoFocus
              value={code}
              onChange={({ target }) => say({ code: target.value })}
            >
              <option value="">Choose…</option>
              {codes.map((one) => (
                <option key={one} value={one}>{one.replaceAll("_", " ")}</option>
              ))}
            </select>
          </label>
        )}
        <label className="field">
          <span>Note (may be left out)</span>
          <textarea
            maxLength={2000}
            value={note}
            onChange={({ target }) => say({ note: target.value })}
          />
        </label>
        {error !== null && <Trouble error={error} />}
        <div className="row">
          <button
            type="submit"
            className="button primary"
            aria-disabled={busy}
            autoFocus={answer === "approve"}
          >
            {answer === "reject" ? "Reject" : "Approve"}
          </button>
          <button type="button" className="button" onClick={onClose}>Leave it</button>
        </div>
      </form>
    </Popup>
  );
}
