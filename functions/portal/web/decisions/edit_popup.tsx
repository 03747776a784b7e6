import { type FormEvent, useEffect, useRef, useState } from "react";
import { EventApiError } from "../../../../shared/client/mod.ts";
import { type CatalogType, useCatalog } from "../compose/catalog.ts";
import { type DryRun, Expected } from "../compose/expected.tsx";
import { below, FieldErrors } from "../compose/field_errors.tsx";
import { TrialResult } from "../compose/trial_result.tsx";
import { useDraft } from "../parts/draft.ts";
import { Loading, Trouble } from "../parts/notice.tsx";
import { Popup } from "../parts/popup.tsx";
import { usePortal } from "../session/context.ts";
import type { ProposedEvent, StandingDecision } from "./decision.ts";
import { EditedEvents } from "./edited_events.tsx";
import { following } from "./following.ts";

const EVENTS = "/proposed_events";

/** What is said in the dialog. */
interface Said {
  events: ProposedEvent[];
  /** None: the edited decision cannot be taken back. */
  compensation: ProposedEvent[];
  note: string;
}

/** What would become of an event, or why that cannot be told. */
type Tried = { event: ProposedEvent; answer: DryRun } | { error: unknown };

interface EditProps {
  decision: StandingDecision;
  onClose: () => void;
  /** Told what was done, in a word. */
  onDone: (done: string) => Promise<void>;
}

/** Other events, and what would undo them, for the same targets: tried out, then approved. */
export function EditPopup(props: EditProps) {
  const { data, error, refetch } = useCatalog();
  return (
    <Popup title="Edit the events, and approve them" large onClose={props.onClose}>
      {error && <Trouble error={error} retry={refetch} />}
      {!data && !error && <Loading what="the catalog" />}
      {data && <EditForm {...props} types={data.event_types} />}
    </Popup>
  );
}

function EditForm({ decision, types, onClose, onDone }: EditProps & {
  types: readonly CatalogType[];
}) {
  const { api } = usePortal();
  const form = useRef<HTMLFormElement>(null);
  // As it was when the dialog opened: what comes meanwhile is not approved unseen.
  const [{ id, version, proposed_events, compensation: proposed, standing }] = useState(decision);
  const [said, write, forget] = useDraft<Said>(`decision.${id}.${version}.edit`, () => ({
    events: proposed_events.map(posted),
    compensation: proposed?.map(posted) ?? [],
    note: "",
  }));
  const { events, compensation, note } = said;
  const [tried, setTried] = useState<{ body: string; outcomes: Tried[] } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const body = JSON.stringify(events);
  const seen = tried?.body === body ? tried.outcomes : null;
  useFocus(form, "fieldset :is(input:not([type=checkbox]), select, textarea)", true);
  useFocus(form, "[aria-invalid=true]", error !== null);
  async function attempt(act: () => Promise<void>) {
    if (busy || !form.current?.reportValidity()) return;
    setBusy(true);
    setError(null);
    await act().catch(setError);
    setBusy(false);
  }
  function submit(submitted: FormEvent) {
    submitted.preventDefault();
    attempt(async () => {
      setTried(null);
      setTried({ body, outcomes: await Promise.all(events.map(tryOut)) });
    });
  }
  async function tryOut(event: ProposedEvent, index: number): Promise<Tried> {
    try {
      return { event, answer: await api.post<DryRun>("events/dry-run", event) };
    } catch (error) {
      // Another refusal, such as of a type that is for agents, may not be the approval's.
      const refused = ofApproval(error, below(EVENTS, index));
      if (refused) throw refused;
      return { error };
    }
  }
  const approve = () =>
    attempt(async () => {
      await api.post(`agents/decisions/${id}/approve`, {
        version,
        proposed_events: events,
        ...(compensation.length > 0 && { compensation }),
        ...(note.trim() && { note: note.trim() }),
      });
      forget();
      onClose();
      await onDone("Approved");
    });
  const shared = { types, targets: standing.targets };
  return (
    <form ref={form} className="stack" onSubmit={submit}>
      <FieldErrors error={error}>
        <div className="pair">
          <EditedEvents
            title="Events"
            at={EVENTS}
            least={1}
            {...shared}
            events={events}
            onChange={(changed) =>
              write({
                ...said,
                events: changed,
                compensation: following(compensation, events, changed),
              })}
          />
          <EditedEvents
            title="What would take it back"
            at="/compensation"
            least={0}
            {...shared}
            events={compensation}
            onChange={(compensation) => write({ ...said, compensation })}
          />
        </div>
      </FieldErrors>
      {compensation.length === 0 && (
        <p className="notice warn">
          Nothing would undo it: once approved, it cannot be taken back.
        </p>
      )}
      <label className="field">
        <span>Note (may be left out)</span>
        <textarea
          maxLength={2000}
          value={note}
          onChange={({ target }) => write({ ...said, note: target.value })}
        />
      </label>
      {error !== null && <Trouble error={error} />}
      {seen && (
        <TrialResult>
          {seen.map((one, index) =>
            "answer" in one
              ? <Expected key={index} answer={one.answer} of={one.event} />
              : <Trouble key={index} error={one.error} />
          )}
        </TrialResult>
      )}
      <div className="row">
        <button
          type="submit"
          className={`button ${seen ? "" : "primary"}`}
          aria-disabled={busy}
        >
          See what it would change
        </button>
        {seen && (
          <button
            type="button"
            className="button primary"
            aria-disabled={busy}
            onClick={approve}
          >
            Approve
          </button>
        )}
        <button type="button" className="button" onClick={onClose}>Leave it</button>
      </div>
    </form>
  );
}

/** Moves the focus to the first match within a form once something is so. */
function useFocus(form: { current: HTMLElement | null }, selector: string, so: boolean): void {
  useEffect(() => {
    if (so) form.current?.querySelector<HTMLElement>(selector)?.focus();
  }, [so, selector]);
}

/** What is wrong with the data of an event, told as of the approval that has it at a pointer; null for other errors. */
function ofApproval(error: unknown, at: string): EventApiError | null {
  if (!(error instanceof EventApiError) || !error.problem.errors?.length) return null;
  const errors = error.problem.errors
    .map(({ pointer, message }) => ({ pointer: `${at}${pointer}`, message }));
  return new EventApiError({ ...error.problem, errors });
}

/** An event as it may be sent: without what the check added to it. */
function posted({ event_type, aggregate_type, aggregate_id, data }: ProposedEvent): ProposedEvent {
  return { event_type, aggregate_type, aggregate_id, data };
}
