import { Diff } from "./diff.tsx";

/** A row of a state table that an event changed, or would change. */
export interface RowChange {
  readonly table_name: string;
  readonly row_id: string;
  readonly operation: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

const kinds: Record<string, string> = { insert: "good", update: "warn", delete: "bad" };

/** The rows, each with its fields before and after. */
export function Changes({ changes }: { changes: readonly RowChange[] }) {
  return (
    <div className="stack">
      {changes.map((change, index) => (
        <section
          key={index}
          className="stack tight"
          aria-label={`${change.table_name} ${change.row_id}`}
        >
          <h3 className="row">
            <span className={`tag ${kinds[change.operation] ?? ""}`}>{change.operation}</span>
            {change.table_name} <code className="data">{change.row_id}</code>
          </h3>
          <Diff before={change.before ?? {}} after={change.after ?? {}} />
        </section>
      ))}
    </div>
  );
}
