const running = new Set<Promise<unknown>>();

/** The hosted runtime's `EdgeRuntime.waitUntil`: work that outlives its response keeps the process alive. */
export function waitUntil<T>(work: Promise<T>): Promise<T> {
  const tracked = work.catch((error) => console.error("Background work failed:", error))
    .finally(() => running.delete(tracked));
  running.add(tracked);
  return work;
}

/** Resolves when no background work is left. */
export async function settled(): Promise<void> {
  while (running.size) await Promise.all(running);
}
