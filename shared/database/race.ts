const MOST_RETRIES = 3;
/** Two transactions met over one idempotency key, or over their aggregates: one was undone. */
const RACES = new Set(["40001", "40P01"]);

/** Whether a call is worth another attempt; `attempt` counts those before this one, from 0. */
export function lostRace(code: string, attempt: number): boolean {
  return RACES.has(code) && attempt < MOST_RETRIES;
}

/** Waits some milliseconds, longer with each attempt and never quite as long as the other side. */
export function backOff(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5 * 2 ** attempt + Math.random() * 20));
}
