/** What the edge runtime offers beyond a plain server; absent elsewhere. */
declare const EdgeRuntime: { waitUntil(promise: Promise<unknown>): void } | undefined;

/**
 * Goes on working after the response is sent. The edge runtime is told to keep the isolate alive
 * meanwhile. The outcome is one log line; an error ends here, since nobody is left to tell.
 */
export function runInBackground(task: string, work: () => Promise<object>): void {
  const promise = work().then(
    (outcome) => log("info", task, outcome),
    (error: unknown) => log("error", task, { error: String(error) }),
  );
  if (typeof EdgeRuntime !== "undefined") EdgeRuntime.waitUntil(promise);
}

function log(level: "info" | "error", task: string, outcome: object): void {
  console.log(JSON.stringify({ level, time: new Date().toISOString(), task, ...outcome }));
}
