/** The rules, in the order in which they speak; a later one overrules an earlier one. */
export const RULES = [
  "data",
  "market",
  "demand",
  "target",
  "cover",
  "step",
  "interval",
  "ending",
  "change",
  "floor",
  "ladder",
] as const;

export type Rule = (typeof RULES)[number];

/** What one rule found, for people. */
export interface TraceLine {
  readonly rule: Rule;
  readonly text: string;
}

/** Collects what the rules say about one product. */
export class Trace {
  readonly lines: TraceLine[] = [];

  say(rule: Rule, text: string): void {
    this.lines.push({ rule, text });
  }
}

/** The trace as a rationale: one line a rule. */
export function rationale(lines: readonly TraceLine[]): string {
  return lines.map(({ rule, text }) => `${rule}: ${text}`).join("\n");
}
