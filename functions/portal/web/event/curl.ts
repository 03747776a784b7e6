import type { StoredEvent } from "../../../../shared/client/mod.ts";

/** A command that posts the same again, as another event. `$TOKEN` is whoever runs it. */
export function curlOf(url: string, event: StoredEvent): string {
  const { event_type, aggregate_type, aggregate_id, data, metadata, causation_id } = event;
  const correlation_id = metadata.correlation_key ?? event.correlation_id;
  const body = {
    event_type,
    aggregate_type,
    aggregate_id,
    data,
    ...(correlation_id ? { correlation_id } : {}),
    ...(causation_id ? { causation_id } : {}),
  };
  return [
    `curl -X POST ${quoted(`${url}/functions/v1/events`)}`,
    `-H "Authorization: Bearer $TOKEN"`,
    `-H 'Content-Type: application/json'`,
    `-d ${quoted(JSON.stringify(body))}`,
  ].join(" \\\n  ");
}

/** As one word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
