import { useSyncExternalStore } from "react";
import type { Status } from "./status.ts";

/** What a chart draws: seconds since 1970, and as many values. */
export interface Series {
  readonly times: readonly number[];
  /** Events processed a second since the sample before. */
  readonly rates: readonly number[];
  /** Seconds the oldest unprocessed event is old. */
  readonly lags: readonly number[];
}

/** Half an hour of looks. */
const MOST = 900;

let series: Series = { times: [], rates: [], lags: [] };
let last: { time: number; done: number } | null = null;
const listeners = new Set<() => void>();

/** Keeps what a look at `time` (milliseconds) found. */
export function addSample(time: number, { total, unprocessed, lag_seconds }: Status): void {
  if (last && time <= last.time) return;
  const done = total - unprocessed;
  const rate = last ? Math.max(done - last.done, 0) / ((time - last.time) / 1000) : 0;
  series = {
    times: [...series.times, time / 1000].slice(-MOST),
    rates: [...series.rates, rate].slice(-MOST),
    lags: [...series.lags, lag_seconds].slice(-MOST),
  };
  last = { time, done };
  for (const listener of listeners) listener();
}

export function useSamples(): Series {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => series);
}
