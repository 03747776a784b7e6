import { Cron } from "croner";

/** When `schedule` (five cron fields in UTC, or `N seconds`) is next due after `now`; milliseconds since 1970. */
export function nextRun(schedule: string, now: number): number {
  const seconds = schedule.match(/^\s*(\d+)\s+seconds?\s*$/)?.[1];
  if (seconds) return now + Number(seconds) * 1000;
  const pattern = schedule.trim().replace("$", "L"); // pg_cron writes $ for the month's last day
  return new Cron(pattern, { timezone: "UTC" }).nextRun(new Date(now))?.getTime() ?? Infinity;
}
