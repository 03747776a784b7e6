import { useSyncExternalStore } from "react";

/** A time: how long ago, and in UTC. */
export function When({ at, both = false }: { at: string | null; both?: boolean }) {
  const now = useNow();
  if (at === null) return <span className="quiet">never</span>;
  const utc = utcOf(at);
  const relative = ago(now - Date.parse(at));
  return (
    <time dateTime={at} title={utc}>
      {both
        ? (
          <>
            {utc} <span className="quiet">({relative})</span>
          </>
        )
        : relative}
    </time>
  );
}

/** `2026-11-24 09:30:00.123 UTC` */
export function utcOf(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.valueOf())
    ? at
    : date.toISOString().replace("T", " ").replace("Z", " UTC");
}

const STEPS: [seconds: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [86_400 * 365, "year"],
  [86_400 * 30, "month"],
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
  [1, "second"],
];
const format = new Intl.RelativeTimeFormat("en", { numeric: "always" });

function ago(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (Math.abs(seconds) < 1) return "now";
  const [size, unit] = STEPS.find(([size]) => Math.abs(seconds) >= size) ?? [1, "second"];
  return format.format(-Math.trunc(seconds / size), unit);
}

/** A duration in words: `1.2 s`, `3 min`, `2 h`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** One clock for the whole page. */
const TICK = 5_000;
let now = Date.now();
const listeners = new Set<() => void>();
setInterval(() => {
  now = Date.now();
  for (const listener of listeners) listener();
}, TICK);

function useNow(): number {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => now);
}
