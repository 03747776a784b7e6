import { assertEquals, assertThrows } from "@std/assert";
import { ApplicationError } from "../../../shared/errors.ts";
import {
  checkRegistration,
  type EventTypeDefinition,
  type RegisteredVersion,
} from "../../../shared/events/registration.ts";

const schema = {
  type: "object",
  properties: {
    stars: { type: "integer", minimum: 1, maximum: 5 },
    channel: { enum: ["web", "shop"] },
    text: { type: "string", maxLength: 500 },
  },
  required: ["stars"],
  additionalProperties: false,
};

const definition: EventTypeDefinition = {
  event_type: "product.reviewed",
  aggregate_type: "product",
  description: "A customer reviewed the product.",
  json_schema: schema,
  example: { stars: 5, channel: "web" },
  counter_example: { stars: 6 },
  posted_by: ["user"],
};

const first: RegisteredVersion = {
  source: "registered",
  json_schema: schema,
  example: definition.example,
};

function refusal(json_schema: Record<string, unknown>, previous: RegisteredVersion | null = null) {
  const error = assertThrows(
    () => checkRegistration({ ...definition, json_schema }, previous),
    ApplicationError,
    undefined,
    JSON.stringify(json_schema),
  );
  return [error.code, error.errors?.[0]?.pointer];
}

function withProperty(property: unknown) {
  return { ...schema, properties: { ...schema.properties, extra: property } };
}

function changed(name: string, property: unknown) {
  return { ...schema, properties: { ...schema.properties, [name]: property } };
}

Deno.test("checkRegistration() lets a sound definition pass, first and again", () => {
  checkRegistration(definition, null);
  checkRegistration(definition, first);
});

Deno.test("checkRegistration() refuses unsafe or senseless schemas with their place", () => {
  const deep = (levels: number): unknown =>
    levels === 0 ? {} : { type: "array", items: deep(levels - 1) };
  const cases: [Record<string, unknown>, string][] = [
    [{ type: "array" }, "/json_schema/type"],
    [withProperty({ type: "text" }), "/json_schema/properties/extra/type"],
    [withProperty({ requird: ["a"] }), "/json_schema/properties/extra/requird"],
    [withProperty({ patternProperties: {} }), "/json_schema/properties/extra/patternProperties"],
    [withProperty({ type: "string", pattern: "^a+$" }), "/json_schema/properties/extra/pattern"],
    [
      withProperty({ type: "string", pattern: "^(a+)+$", maxLength: 50 }),
      "/json_schema/properties/extra/pattern",
    ],
    [withProperty({ format: "regex" }), "/json_schema/properties/extra/format"],
    [withProperty({ uniqueItems: true }), "/json_schema/properties/extra/uniqueItems"],
    [withProperty({ maxLength: "9" }), "/json_schema/properties/extra/maxLength"],
    [withProperty({ $ref: "https://evil.example/s" }), "/json_schema/properties/extra/$ref"],
    [withProperty({ $ref: "#" }), "/json_schema/properties/extra/$ref"],
    [withProperty({ $ref: "#/$defs/none" }), "/json_schema/properties/extra/$ref"],
    [withProperty(7), "/json_schema/properties/extra"],
    [{ ...schema, $defs: { a: { $ref: "#/$defs/a" } } }, "/json_schema/$defs/a/$ref"],
    [{ ...schema, $id: "https://elsewhere.example" }, "/json_schema/$id"],
    [withProperty({ description: "x".repeat(70_000) }), "/json_schema"],
    [withProperty(deep(15)), `/json_schema/properties/extra${"/items".repeat(15)}`],
  ];
  for (const [json_schema, pointer] of cases) {
    assertEquals(refusal(json_schema), ["invalid_schema", pointer]);
  }
});

Deno.test("checkRegistration() refuses a schema that explodes with its references written out", () => {
  const $defs: Record<string, unknown> = { d0: { type: "string" } };
  for (let i = 1; i < 20; i++) {
    const $ref = `#/$defs/d${i - 1}`;
    $defs[`d${i}`] = { allOf: [{ $ref }, { $ref }] };
  }
  assertEquals(refusal({ ...schema, $defs })[0], "invalid_schema");
});

Deno.test("checkRegistration() wants an example that passes and a counter-example that fails", () => {
  const wrongExample = { ...definition, example: { stars: 0 } };
  const error = assertThrows(() => checkRegistration(wrongExample, null), ApplicationError);
  assertEquals([error.code, error.errors?.[0]?.pointer], ["invalid_schema", "/example/stars"]);
  const harmless = { ...definition, counter_example: { stars: 3 } };
  const other = assertThrows(() => checkRegistration(harmless, null), ApplicationError);
  assertEquals([other.code, other.errors?.[0]?.pointer], ["invalid_schema", "/counter_example"]);
});

Deno.test("checkRegistration() lets a schema grow", () => {
  const growths = [
    withProperty({ type: "string" }),
    changed("channel", { enum: ["web", "shop", "phone"] }),
    changed("stars", { type: "number", minimum: 0, maximum: 10 }),
    changed("text", { type: ["string", "null"], maxLength: 900 }),
    { ...schema, additionalProperties: true },
    { ...schema, title: "Review" },
  ];
  for (const json_schema of growths) {
    const counter_example = { stars: "five" };
    checkRegistration({ ...definition, json_schema, counter_example }, first);
  }
});

Deno.test("checkRegistration() refuses whatever would invalidate stored events", () => {
  const { text: _, ...withoutText } = schema.properties;
  const breaks: [Record<string, unknown>, string][] = [
    [{ ...schema, required: ["stars", "text"] }, "/required"],
    [{ ...schema, properties: withoutText }, "/properties/text"],
    [changed("stars", { type: "string" }), "/properties/stars/type"],
    [changed("stars", { type: "integer", minimum: 2, maximum: 5 }), "/properties/stars/minimum"],
    [changed("stars", { type: "integer", minimum: 1, maximum: 4 }), "/properties/stars/maximum"],
    [changed("channel", { enum: ["web"] }), "/properties/channel/enum"],
    [changed("channel", { const: "web" }), "/properties/channel/enum"],
    [changed("text", { type: "string", maxLength: 400 }), "/properties/text/maxLength"],
    [
      changed("text", { type: "string", maxLength: 500, pattern: "^.$" }),
      "/properties/text/pattern",
    ],
    [
      changed("text", { type: "string", maxLength: 500, not: { type: "null" } }),
      "/properties/text/not",
    ],
    [changed("text", false), "/properties/text"],
    [{ ...schema, minProperties: 2 }, "/minProperties"],
  ];
  const loose = { ...definition, example: { stars: 3, text: "x", channel: "web" } };
  for (const [json_schema, pointer] of breaks) {
    const error = assertThrows(
      () =>
        checkRegistration({
          ...loose,
          json_schema,
          example: pointer.startsWith("/properties/stars/type")
            ? { stars: "3" }
            : json_schema.properties === withoutText
            ? { stars: 3 }
            : pointer === "/properties/text"
            ? { stars: 3 }
            : loose.example,
          counter_example: { stars: null },
        }, first),
      ApplicationError,
    );
    assertEquals(
      [error.status, error.code, error.errors?.[0]?.pointer],
      [409, "incompatible_schema", `/json_schema${pointer}`],
    );
  }
});

Deno.test("checkRegistration() refuses to close a schema that was open", () => {
  const open = { ...first, json_schema: { ...schema, additionalProperties: true } };
  const [code, pointer] = refusal(schema, open);
  assertEquals([code, pointer], ["incompatible_schema", "/json_schema/additionalProperties"]);
});

Deno.test("checkRegistration() leaves types defined in code alone", () => {
  const error = assertThrows(
    () => checkRegistration(definition, { ...first, source: "code" }),
    ApplicationError,
  );
  assertEquals([error.status, error.code], [409, "event_type_in_code"]);
});
