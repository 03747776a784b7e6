/** Migrations of event types: what is due after those that were written before. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { catalog } from "../../shared/events/catalog.ts";
import { dueEventTypes, eventTypeMigrations } from "../../supabase/write_event_types.ts";

const seeded = [dueEventTypes([]) ?? ""];
const typesIn = (sql: string | null) =>
  [...(sql ?? "").matchAll(/^ {2}\('([\w.]+)'/gm)].map(([, type]) => type);

Deno.test("the migrations say what the catalog says", async () => {
  assert(
    dueEventTypes(await eventTypeMigrations()) === null,
    "Code and migrations disagree: run `deno run -A supabase/write_event_types.ts`",
  );
});

Deno.test("the first migration holds every type, and then nothing is due", () => {
  assertEquals(typesIn(seeded[0] ?? null), catalog.map(({ type }) => type));
  assertEquals(dueEventTypes(seeded), null);
});

Deno.test("a later one holds what changed and what is new, and no more", () => {
  const [first, second, ...others] = catalog;
  if (!first || !second) throw new Error("The catalog has many");
  const next = [
    { ...first, description: "It's another one." },
    second,
    { ...second, type: "product.renamed" },
    ...others,
  ];
  const due = dueEventTypes(seeded, next);
  assertEquals(typesIn(due), [first.type, "product.renamed"]);
  assertStringIncludes(due ?? "", "'It''s another one.'");
  assertEquals(dueEventTypes([...seeded, due ?? ""], next), null);
  // Back again: the last one counts.
  assertEquals(typesIn(dueEventTypes([...seeded, due ?? ""])), [first.type]);
});

Deno.test("a type that left the code is retired, once, and may come back", () => {
  const [gone, ...left] = catalog;
  const due = dueEventTypes(seeded, left);
  assertEquals(typesIn(due), []);
  assertStringIncludes(
    due ?? "",
    `set active = false, updated_at = now() where event_type = '${gone?.type}';`,
  );
  const retired = [...seeded, due ?? ""];
  assertEquals(dueEventTypes(retired, left), null);
  assertEquals(typesIn(dueEventTypes(retired)), [gone?.type]);
});
