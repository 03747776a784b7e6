import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { useDraft } from "../parts/draft.ts";
import { Loading, Trouble } from "../parts/notice.tsx";
import { usePortal } from "../session/context.ts";
import { type CatalogType, closedFor, useCatalog } from "./catalog.ts";
import { DataFields } from "./data_fields.tsx";
import { type DryRun, Expected } from "./expected.tsx";
import { FieldErrors } from "./field_errors.tsx";
import { Posted } from "./posted.tsx";
import type { Data } from "./schema_form.tsx";
import { TrialResult } from "./trial_result.tsx";

interface ComposerProps {
  /** What the draft is kept as. */
  draft: string;
  /** Only types of this aggregate type; all without it. */
  aggregateType?: string;
  aggregateId: string;
  /** The version one has seen: the event is refused when the aggregate has moved on. */
  version?: number;
  /** The event that it corrects. */
  corrects?: { id: string; event_type: string } | undefined;
  onPosted?: (event: StoredEvent) => void;
}

/** An event from a form: first what it would change, then, unchanged, the event itself. A reload loses nothing. */
export function Composer(props: ComposerProps) {
  const catalog = useCatalog();
  if (catalog.error) return <Trouble error={catalog.error} retry={catalog.refetch} />;
  if (!catalog.data) return <Loading what="the catalog" />;
  return <Choice {...props} catalog={catalog.data.event_types} />;
}

function Choice({ catalog, ...props }: ComposerProps & { catalog: readonly CatalogType[] }) {
  const { staff } = usePortal();
  const types = catalog.filter(({ aggregate_type }) =>
    aggregate_type === (props.aggregateType ?? aggregate_type)
  );
  const [name, setName] = useDraft(
    `${props.draft}.type`,
    () => props.corrects ? correctionOf(props.corrects.event_type, types, staff) : "",
  );
  const type = types.find(({ event_type }) => event_type === name);
  return (
    <div className="stack">
      <label className="field">
        <span>Event type</span>
        <select
          autoFocus={props.corrects !== undefined}
          value={name}
          onChange={({ target }) => setName(target.value)}
        >
          <option value="">Choose…</option>
          {open(types, staff).map((type) => {
            const closed = closedFor(type, staff);
            return (
              <option key={type.event_type} value={type.event_type} disabled={closed !== null}>
                {type.event_type}
                {closed && ` (${closed})`}
              </option>
            );
          })}
        </select>
        {type && (
          <small>
            <bdi>{type.description}</bdi>
          </small>
        )}
      </label>
      {type && <Draft key={name} type={type} {...props} />}
    </div>
  );
}

/** The types one may post before those one may not. */
function open(types: readonly CatalogType[], staff: boolean): CatalogType[] {
  const closed = (type: CatalogType) => Number(closedFor(type, staff) !== null);
  return types.toSorted((a, b) => closed(a) - closed(b));
}

/** The type that corrects another, `product.price_corrected` of `product.price_changed`, or that type again; empty when one may post neither. */
function correctionOf(wrong: string, types: readonly CatalogType[], staff: boolean): string {
  const names = [wrong.replace(/[^._]+$/, "corrected"), wrong];
  const fit = names.map((name) => types.find(({ event_type }) => event_type === name))
    .find((type) => type && closedFor(type, staff) === null);
  return fit?.event_type ?? "";
}

/** The idempotency key stays with the data: what was sent before a reload is not stored twice. */
interface Written {
  data: Data;
  key: string;
}

function Draft({ draft, type, aggregateId, version, corrects, onPosted }: ComposerProps & {
  type: CatalogType;
}) {
  const { api } = usePortal();
  const queries = useQueryClient();
  const [{ data, key }, write, forget] = useDraft<Written>(
    `${draft}.${type.event_type}`,
    () => ({ data: {}, key: crypto.randomUUID() }),
  );
  const setData = (data: Data) => write({ data, key });
  const [tried, setTried] = useState<{ body: string; answer: DryRun } | null>(null);
  const [posted, setPosted] = useState<StoredEvent | null>(null);
  const [busy, setBusy] = useState<"trying" | "posting" | null>(null);
  const [error, setError] = useState<unknown>(null);
  const event = {
    event_type: type.event_type,
    aggregate_type: type.aggregate_type,
    aggregate_id: aggregateId,
    data,
    metadata: { source: "portal" },
    ...(version !== undefined && { expected_version: version }),
    ...(corrects && { causation_id: corrects.id }),
  };
  const body = JSON.stringify(event);
  const seen = tried?.body === body ? tried.answer : null;

  async function attempt(doing: "trying" | "posting", act: () => Promise<void>) {
    if (busy) return;
    setBusy(doing);
    setError(null);
    await act().catch(setError);
    setBusy(null);
  }
  function submit(submitted: FormEvent) {
    submitted.preventDefault();
    attempt("trying", async () => {
      setPosted(null);
      setTried(null);
      setTried({ body, answer: await api.post<DryRun>("events/dry-run", event) });
    });
  }
  const post = () =>
    attempt("posting", async () => {
      const stored = await api.post<StoredEvent>(
        "events",
        { ...event, idempotency_key: key },
        { Prefer: "wait=5" },
      );
      setPosted(stored);
      setTried(null);
      forget();
      onPosted?.(stored);
      await queries.invalidateQueries();
    });
  return (
    <form className="stack" onSubmit={submit}>
      <FieldErrors error={error}>
        <DataFields
          key={key} // a text that is no JSON yet goes with the draft
          schema={type.json_schema}
          at="/data"
          value={data}
          onChange={setData}
        />
      </FieldErrors>
      {error !== null && <Trouble error={error} />}
      {seen && (
        <TrialResult>
          <Expected answer={seen} of={event} />
        </TrialResult>
      )}
      {posted && <Posted key={posted.id} event={posted} />}
      <div className="row">
        <button
          type="submit"
          className={`button ${seen ? "" : "primary"}`}
          aria-disabled={busy !== null}
        >
          See what it would change
        </button>
        {seen && (
          <button
            type="button"
            className="button primary"
            aria-disabled={busy !== null}
            onClick={post}
          >
            {busy === "posting" ? "Posting…" : seen.failure ? "Post it all the same" : "Post it"}
          </button>
        )}
      </div>
    </form>
  );
}
