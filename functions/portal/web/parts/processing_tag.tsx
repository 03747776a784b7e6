import type { StoredEvent } from "../../../../shared/client/mod.ts";

/** How far the Database Manager is with an event, in one word. */
export function ProcessingTag({ event }: { event: StoredEvent }) {
  const [word, kind] = processing(event);
  return <span className={`tag ${kind}`}>{word}</span>;
}

function processing(event: StoredEvent): [word: string, kind: string] {
  if (event.skip_reason !== null) return ["skipped", "warn"];
  if (event.processed) return ["processed", "good"];
  if (event.processing_error === null) return ["waiting", ""];
  return event.next_attempt_at === null ? ["failed", "bad"] : ["retrying", "warn"];
}
