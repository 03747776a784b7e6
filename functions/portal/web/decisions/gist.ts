import type { ProposedEvent } from "./decision.ts";

/** Fields that a gist names. */
const NAMED = 3;
const LONGEST = 60;

/** What an event changes, in a few words: `price 5,999 → 5,499`, or its first fields. */
export function gistOf({ data }: ProposedEvent): string {
  const changes = Object.entries(data).flatMap(([name, after]) => {
    const field = /^new_(.+)$/.exec(name)?.[1];
    const before = field === undefined ? undefined : data[`old_${field}`];
    return field === undefined || before === undefined
      ? []
      : [`${words(field)} ${short(before)} → ${short(after)}`];
  });
  const said = changes.length > 0
    ? changes
    : Object.entries(data).map(([name, value]) => `${words(name)} ${short(value)}`);
  return said.slice(0, NAMED).join(", ") + (said.length > NAMED ? ", …" : "");
}

function words(name: string): string {
  return name.replaceAll("_", " ").slice(0, LONGEST);
}

function short(value: unknown): string {
  if (typeof value === "number") return value.toLocaleString("en");
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? "";
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
