import { assertEquals } from "@std/assert";
import { aggregates } from "../../../shared/domain/aggregates.ts";
import { fold } from "../../../shared/domain/aggregate.ts";
import { exampleStories } from "./example_stories.ts";
import { events } from "./story.ts";

/** Digest of the states that each aggregate's examples fold to, by generation. */
const FOLDS: Readonly<Record<string, string>> = {
  "product 1": "38b3875a376c49f7",
  "order 1": "730f832901a44fc1",
  "payment 1": "93bb3bf90758c5b6",
  "customer 1": "6b2806386dc68598",
  "dealer 1": "fb6f959b3b49c77a",
  "agent_decision 5": "c8285b6024eccb00",
};

Deno.test("a fold that gives other states has a new generation, so that a rebuild is asked for", async () => {
  for (const aggregate of aggregates) {
    const states = exampleStories
      .filter((story) => story.aggregate.type === aggregate.type)
      .map(({ facts }) => fold(aggregate, events(aggregate.type, ...facts)));
    const key = `${aggregate.type} ${aggregate.generation}`;
    assertEquals(FOLDS[key], await digest(JSON.stringify(states)), key);
  }
});

async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(
    new Uint8Array(bytes).subarray(0, 8),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
}
