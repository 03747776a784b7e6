/** Turns measurements into the rows of results.md. */
import { median, type Ratio, ratioOf } from "./statistics.ts";

/** A row of a table. */
export interface Finding {
  work: string;
  ours: string;
  against: string;
  ratio: string;
  target: string;
}

/** One part's outcome. */
export interface Section {
  title: string;
  /** How it was measured and what makes the sides unequal. */
  note: string;
  findings: Finding[];
  /** Lines below the table. */
  remarks?: string[];
}

export interface Comparison {
  work: string;
  /** What `against` is. */
  than: string;
  /** One value per round, both in the same rounds. */
  ours: readonly number[];
  against: readonly number[];
  /** Written behind the numbers, such as "/s" or " ms". */
  unit: string;
  /** The ratio must be at least, or at most, this. */
  atLeast?: number;
  atMost?: number;
}

/** A row that says how many times `against` ours is. */
export function compare(comparison: Comparison): Finding {
  const { work, than, ours, against, unit } = comparison;
  const ratio = ratioOf(ours, against);
  return {
    work,
    ours: `${number(median(ours))}${unit}`,
    against: `${than}: ${number(median(against))}${unit}`,
    ratio: `**${number(ratio.median)}** (${number(ratio.min)}–${number(ratio.max)})` +
      (ratio.tie ? " tie" : ""),
    target: verdict(ratio.median, comparison),
  };
}

/** A row that is held against no other but only against its target. */
export function measured(
  { work, values, unit, atLeast, atMost }: {
    work: string;
    values: readonly number[];
    unit: string;
    atLeast?: number;
    atMost?: number;
  },
): Finding {
  const spread = `(${number(Math.min(...values))}–${number(Math.max(...values))})`;
  return {
    work,
    ours: `${number(median(values))}${unit} ${spread}`,
    against: "",
    ratio: "",
    target: verdict(median(values), { atLeast, atMost }, unit),
  };
}

/** The whole section as markdown; `stamp` says where and when it was measured. */
export function toMarkdown({ title, note, findings, remarks = [] }: Section, stamp: string) {
  const rows = findings.map((f) =>
    `| ${[f.work, f.ours, f.against, f.ratio, f.target].join(" | ")} |`
  );
  const head = ["| work | ours | against | ratio | target |", "|---|---|---|---|---|"];
  return [`## ${title}`, "", stamp, "", note, "", ...head, ...rows, "", ...remarks].join("\n")
    .trimEnd() + "\n";
}

/** Three significant digits. */
export function number(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString("en-GB");
  return String(Number(value.toPrecision(3)));
}

function verdict(
  value: Ratio["median"],
  { atLeast, atMost }: { atLeast?: number | undefined; atMost?: number | undefined },
  unit = "",
): string {
  if (atLeast !== undefined) {
    return `≥ ${number(atLeast)}${unit}: ${value >= atLeast ? "met" : "**missed**"}`;
  }
  if (atMost !== undefined) {
    return `≤ ${number(atMost)}${unit}: ${value <= atMost ? "met" : "**missed**"}`;
  }
  return "";
}
