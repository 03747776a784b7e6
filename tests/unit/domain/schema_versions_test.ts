import { assertEquals } from "@std/assert";
import { fold } from "../../../shared/domain/aggregate.ts";
import { dealer } from "../../../shared/domain/dealer.ts";
import { upcast } from "../../../shared/domain/event_type.ts";
import { catalog, findEventType } from "../../../shared/events/catalog.ts";
import { events } from "./story.ts";
import { storedVersions } from "./stored_versions.ts";

Deno.test("every event type can read all of its older versions", () => {
  for (const type of catalog) {
    const older = Array.from({ length: type.schemaVersion - 1 }, (_, index) => String(index + 1));
    assertEquals(Object.keys(type.upcasters), older, type.type);
    for (const version of older) {
      const examples = storedVersions.filter((stored) =>
        stored.type === type.type && String(stored.schemaVersion) === version
      );
      assertEquals(examples.length > 0, true, `a stored example of ${type.type} v${version}`);
    }
  }
});

Deno.test("data of an older version means today what it meant then", () => {
  for (const { type: name, schemaVersion, data, today } of storedVersions) {
    const type = findEventType(name);
    if (!type) throw new Error(`${name} is not in the catalog`);
    const before = structuredClone(data);
    const now = upcast(type, schemaVersion, data);
    assertEquals(now, today);
    assertEquals(type.schema.parse(now), today);
    assertEquals(data, before, "the stored data is left as it is");
  }
});

Deno.test("an event of an older version folds to the same state as its twin of today", () => {
  const applied = ["dealer.application_submitted", {
    company_name: "Deccan Pumps",
    contact_name: "Ravi Joshi",
    email: "ravi@deccanpumps.example.com",
  }] as const;
  for (const { type, schemaVersion, data, today } of storedVersions) {
    const old = fold(
      dealer,
      events("dealer", applied, [type, data, { schema_version: schemaVersion }]),
    );
    const twin = fold(dealer, events("dealer", applied, [type, today]));
    assertEquals(old, twin);
  }
});
