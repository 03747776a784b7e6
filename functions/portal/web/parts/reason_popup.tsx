import { type FormEvent, type ReactNode, useState } from "react";
import { Trouble } from "./notice.tsx";
import { Popup } from "./popup.tsx";

/** Asks why, then acts. It stays open, with what was typed, until the act is done. */
export function ReasonPopup({ title, act, run, onClose, optional = false, children }: {
  title: string;
  /** The word on the button. */
  act: string;
  run: (reason: string) => Promise<unknown>;
  onClose: () => void;
  optional?: boolean;
  children?: ReactNode;
}) {
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await run(reason.trim());
      onClose();
    } catch (error) {
      setError(error);
      setBusy(false);
    }
  }
  return (
    <Popup title={title} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        {children}
        <label className="field">
          <span>Reason{optional ? " (may be left out)" : ""}</span>
          <textarea
            required={!optional}
            autoFocus
            maxLength={500}
            value={reason}
            onChange={(change) => setReason(change.target.value)}
          />
          <small>It is kept in the log, with your name.</small>
        </label>
        {error !== null && <Trouble error={error} />}
        <div className="row">
          <button type="submit" className="button primary" aria-disabled={busy}>{act}</button>
          <button type="button" className="button" onClick={onClose}>Leave it</button>
        </div>
      </form>
    </Popup>
  );
}
