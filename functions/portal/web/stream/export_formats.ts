import type { StoredEvent } from "../../../../shared/client/mod.ts";

/** One JSON object a line. */
export function toNdjson(events: readonly StoredEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

const columns: readonly (keyof StoredEvent)[] = [
  "event_number",
  "id",
  "event_type",
  "aggregate_type",
  "aggregate_id",
  "aggregate_version",
  "created_at",
  "created_by",
  "user_id",
  "correlation_id",
  "causation_id",
  "processed",
  "processed_at",
  "processing_error",
  "skip_reason",
  "data",
  "metadata",
];

/** RFC 4180, with a header. A spreadsheet takes no cell for a formula. */
export function toCsv(events: readonly StoredEvent[]): string {
  const lines = events.map((event) => columns.map((name) => cell(event[name])).join(","));
  return [columns.join(","), ...lines, ""].join("\r\n");
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
