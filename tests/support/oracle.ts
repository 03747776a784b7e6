/** The truth about a database, from its log alone: what must hold at every moment, whatever happened before. */
import type { Sql } from "postgres";
import { type Image, takeImage } from "./oracle/image.ts";
import {
  effectsArePostedOnce,
  queueIsWhatIsUnprocessed,
  statisticsEqualTheLog,
  versionsHaveNoHoles,
} from "./oracle/log_rules.ts";
import {
  receiptsBelongToProcessedEvents,
  receiptsMakeTheState,
  stateIsFreshFold,
} from "./oracle/state_rules.ts";

const rules = [
  versionsHaveNoHoles,
  stateIsFreshFold,
  receiptsMakeTheState,
  receiptsBelongToProcessedEvents,
  effectsArePostedOnce,
  queueIsWhatIsUnprocessed,
  statisticsEqualTheLog,
];

/** How many faults an error message lists. */
const SHOWN = 12;

/** Holds at every moment: state is a fresh fold of the processed events, explained by receipts. */
export async function assertNothingLostNorDoubled(sql: Sql): Promise<Image> {
  const image = await takeImage(sql);
  report(rules.flatMap((rule) => rule(image)));
  return image;
}

/** Holds at rest: only parked events and those behind them are unprocessed, the rest is as above. */
export async function assertSettled(sql: Sql): Promise<Image> {
  const image = await assertNothingLostNorDoubled(sql);
  const blocked = new Set(image.queue.filter((q) => q.blocked).map((q) => q.event_number));
  report([
    ...image.events.filter((e) => !e.processed && !blocked.has(e.event_number))
      .map((e) => `event ${e.event_number} (${e.event_type}) was never processed`),
    ...image.blocked.filter((b) => b.parked_at === null || b.error === "" || b.error_code === "")
      .map((b) => `event ${b.event_number} is neither done nor parked`),
  ]);
  return image;
}

/** Fails for every acknowledged key that is not in the log. */
export function assertAcknowledged({ events }: Image, acknowledged: readonly string[]): void {
  const stored = new Set(events.map((event) => event.idempotency_key));
  report(acknowledged.filter((key) => !stored.has(key)).map((key) => `${key} was lost`));
}

function report(faults: readonly string[]): void {
  if (faults.length === 0) return;
  const more = faults.length > SHOWN ? `\n… and ${faults.length - SHOWN} more` : "";
  throw new Error(`${faults.length} faults:\n${faults.slice(0, SHOWN).join("\n")}${more}`);
}
