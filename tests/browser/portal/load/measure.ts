/** What was measured, against what is wanted. */
export interface Measure {
  what: string;
  value: number;
  unit: string;
  /** The value must be at most this; without it nothing is wanted. */
  atMost?: number;
}

/** Measures as a table. */
export function toTable(measures: readonly Measure[]): string {
  const rows = measures.map(({ what, value, unit, atMost }) => {
    const target = atMost === undefined
      ? ""
      : `≤ ${short(atMost)}${unit}: ${value <= atMost ? "met" : "**missed**"}`;
    return `| ${what} | ${short(value)}${unit} | ${target} |`;
  });
  return ["| measured | value | target |", "|---|---|---|", ...rows].join("\n");
}

/** Those that miss their target. */
export function missed(measures: readonly Measure[]): Measure[] {
  return measures.filter(({ value, atMost }) => atMost !== undefined && !(value <= atMost));
}

function short(value: number): string {
  return value >= 1000
    ? Math.round(value).toLocaleString("en-GB")
    : String(Number(value.toPrecision(3)));
}
