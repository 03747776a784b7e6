import { setTimeout as delay } from "node:timers/promises";

/** Repeats `check` until it neither throws nor returns false; after `seconds` throws what it threw last. */
export async function eventually<T>(
  check: () => T | Promise<T>,
  seconds = 30,
): Promise<Exclude<T, false>> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    try {
      const result = await check();
      if (result !== false) return result as Exclude<T, false>; // by the test before it
      if (Date.now() > deadline) throw new Error(`Still false after ${seconds} s: ${check}`);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await delay(50);
  }
}
