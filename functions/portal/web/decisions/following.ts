import type { ProposedEvent } from "./decision.ts";

/**
 * What would take events back, after a change of these: where it stated as old (`old_price`) what one of them made new
 * (`new_price`), it still does.
 */
export function following(
  undoing: readonly ProposedEvent[],
  before: readonly ProposedEvent[],
  after: readonly ProposedEvent[],
): ProposedEvent[] {
  if (before.length !== after.length) return [...undoing];
  return undoing.map((undo) => {
    const stated = Object.keys(undo.data).filter((name) => name.startsWith("old_"));
    const data = { ...undo.data };
    before.forEach((event, index) => {
      if (event.aggregate_id !== undo.aggregate_id) return;
      for (const old of stated) {
        const made = old.replace("old_", "new_");
        const changed = event.data[made] !== after[index]?.data[made];
        if (changed && undo.data[old] === event.data[made]) data[old] = after[index]?.data[made];
      }
    });
    return { ...undo, data };
  });
}
