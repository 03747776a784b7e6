/**
 * An ISO 8601 instant in the text form in which Postgres gives a `timestamptz` as JSON in UTC, so
 * that a state folded from events equals the same state read back from its table:
 * `2025-10-27T18:30:00.50+05:30` becomes `2025-10-27T13:00:00.5+00:00`.
 */
export function toTimestamptz(instant: string): string {
  const fraction = /\.(\d+)/.exec(instant)?.[1]?.replace(/0+$/, "") ?? "";
  // Date keeps milliseconds only, so the fraction travels beside it; offsets are whole minutes.
  const seconds = new Date(instant.replace(/\.\d+/, "")).toISOString().slice(0, 19);
  return `${seconds}${fraction && "."}${fraction}+00:00`;
}

/**
 * An ISO 8601 instant as milliseconds since 1970 with the microseconds behind the point, which
 * `Date.parse` drops: the log's times are that fine.
 */
export function toInstant(instant: string): number {
  const fraction = /\.\d+/.exec(instant)?.[0] ?? "";
  return Date.parse(instant.replace(fraction, "")) + Number(`0${fraction}`) * 1000;
}
