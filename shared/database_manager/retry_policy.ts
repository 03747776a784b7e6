import type { Failure, PendingEvent } from "./batch.ts";

/** Seconds to wait after the first, second, … failed attempt; after the last one it is parked. */
const RETRY_SECONDS = [1, 5];

/** The failure of an event, with the time of its next attempt or none when it is to be parked. */
export function failureOf(event: PendingEvent, code: string, message: string): Failure {
  return {
    event_number: event.event_number,
    error_code: code,
    error: message,
    retry_seconds: RETRY_SECONDS[event.processing_attempts] ?? null,
  };
}
