import type { Rebuild } from "../../functions/database-manager/rebuild_schema.ts";
import { duration } from "./progress.ts";

type Difference = Rebuild["differences"][number];

/** What was found, in lines for people: every differing row and field, every finding. */
export function outcomeLines(rebuild: Rebuild): string[] {
  const { differences, differing_rows, findings, kept_rows, error } = rebuild;
  const more = differing_rows - differences.length;
  return [
    ...differences.flatMap(differenceLines),
    ...more > 0 ? [`… and ${more} more rows`] : [],
    ...findings.map(({ kind, detail, event_number }) =>
      `${kind}${event_number ? ` event ${event_number}` : ""}: ${detail}`
    ),
    ...kept_rows > 0 ? [`${kept_rows} rows were kept as later events made them`] : [],
    ...error ? [`error: ${error}`] : [],
    summary(rebuild),
  ];
}

function differenceLines(difference: Difference): string[] {
  const { operation, table_name, row_id, version, fields, before, after, last_changed_by } =
    difference;
  const title = { insert: "missing", update: "differs", delete: "surplus" }[operation];
  const head = `${table_name} ${row_id} ${title} (version ${version})`;
  if (operation !== "update") return [head];
  return [
    head,
    ...fields.map((field) => {
      const event = last_changed_by[field];
      const cause = event ? ` (event ${event.event_number})` : "";
      return `  ${field}: ${json(before?.[field])} should be ${json(after?.[field])}${cause}`;
    }),
  ];
}

function summary({ kind, status, id, events_done, differing_rows, findings, ...rest }: Rebuild) {
  const { started_at, finished_at, scanned_at } = rest;
  const end = Date.parse(finished_at ?? scanned_at ?? started_at);
  const seconds = (end - Date.parse(started_at)) / 1000;
  return `${kind} ${id} ${status}: ${events_done} events, ${differing_rows} differing rows, ` +
    `${findings.length} findings in ${duration(seconds)}`;
}

/** 0 when all is well: switched, compared, or verified without a difference or finding. */
export function exitCodeOf({ kind, status, differing_rows, findings }: Rebuild): number {
  if (status !== "completed" && status !== "compared") return 1;
  return kind === "verify" && (differing_rows > 0 || findings.length > 0) ? 1 : 0;
}

function json(value: unknown): string {
  return JSON.stringify(value ?? null);
}
