import { assert, assertEquals } from "@std/assert";
import { compileJsonSchema } from "../../../shared/events/json_schema.ts";

const check = compileJsonSchema({
  type: "object",
  properties: {
    stars: { type: "integer", minimum: 1, maximum: 5 },
    tags: { type: "array", items: { $ref: "#/$defs/tag" } },
    "a/b~c %": { type: "string" },
  },
  required: ["stars"],
  additionalProperties: false,
  $defs: { tag: { type: "string", pattern: "^[a-z]+$", maxLength: 10 } },
});

Deno.test("compileJsonSchema() accepts what conforms", () => {
  assertEquals(check({ stars: 5, tags: ["good"] }), []);
});

Deno.test("compileJsonSchema() says each wrong place once, as a JSON pointer", () => {
  assertEquals(
    check({ stars: 6, tags: ["ok", "Bad", 7], "a/b~c %": 1, extra: true })
      .map((error) => error.pointer),
    ["/stars", "/tags/1", "/tags/2", "/a~1b~0c %", "/extra"],
  );
  assertEquals(check({}).map((error) => error.pointer), [""]);
});

Deno.test("compileJsonSchema() tries a pattern only within the maxLength beside it", () => {
  const slow = compileJsonSchema({ type: "string", maxLength: 20, pattern: "^(a+)+$" });
  const started = performance.now();
  assert(slow("a".repeat(50) + "!").length > 0);
  assert(performance.now() - started < 5_000);
});

Deno.test("compileJsonSchema() guards a pattern also below a property named like a keyword", () => {
  const inEnum = compileJsonSchema({
    type: "object",
    properties: { enum: { type: "string", maxLength: 20, pattern: "^(a+)+$" } },
  });
  const started = performance.now();
  assert(inEnum({ enum: "a".repeat(50) + "!" }).length > 0);
  assert(performance.now() - started < 5_000);
});
