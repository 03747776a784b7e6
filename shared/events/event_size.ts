import { ApplicationError } from "../errors.ts";

/** The most that data and metadata of one event may weigh, in bytes of UTF-8 JSON. */
export const EVENT_LIMIT = 256 * 1024;

/** Refuses an event whose data and metadata are over the limit: `event_too_large` (413). */
export function checkSize(data: unknown, metadata: unknown, pointer = ""): void {
  const bytes = jsonBytes(data) + jsonBytes(metadata ?? {});
  if (bytes <= EVENT_LIMIT) return;
  throw new ApplicationError(
    "event_too_large",
    `Data and metadata of an event hold at most ${EVENT_LIMIT} bytes, not ${bytes}.`,
    { errors: [{ pointer: pointer || "/data", message: `holds ${bytes} bytes` }] },
  );
}

function jsonBytes(value: unknown): number {
  const text = JSON.stringify(value);
  // A UTF-16 unit is at most three bytes: most events need no second look.
  return text.length * 3 <= EVENT_LIMIT / 2
    ? text.length
    : new TextEncoder().encode(text).byteLength;
}
