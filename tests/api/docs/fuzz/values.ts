import fc from "fast-check";
import type { JsonSchema } from "../operation.ts";
import { Learned } from "./learned.ts";
import type { SchemaReader } from "./schema_reader.ts";

type Values = fc.Arbitrary<unknown>;

/** JSON that PostgreSQL can keep: no NUL, no half surrogate pair, no number beyond the safe ones. */
export const anyJson: Values = fc.jsonValue({ maxDepth: 3, stringUnit: "grapheme" }).map(tame);

/** Values that conform to a schema, as far as a generator can tell. */
export function conforming(reader: SchemaReader, schema: JsonSchema, name = ""): Values {
  const whole = reader.resolve(schema);
  const made = unnamed(reader, whole);
  const hints = [whole.example, whole.default].filter((hint) => hint !== undefined);
  const usual = hints.length === 0 ? made : fc.oneof(
    { weight: 3, arbitrary: made },
    { weight: 1, arbitrary: fc.constantFrom(...hints) },
  );
  if (!name || !["string", "integer"].includes(String([whole.type].flat()[0]))) return usual;
  const learned = fc.tuple(fc.nat(999), usual).map(([pick, value]) =>
    new Learned(name, pick, value)
  );
  return fc.oneof({ weight: 1, arbitrary: usual }, { weight: 1, arbitrary: learned });
}

function unnamed(reader: SchemaReader, schema: JsonSchema): Values {
  if ("const" in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return fc.oneof(...choices.map((one) => conforming(reader, one)));
  if (schema.type === undefined) return anyJson;
  return fc.oneof(...[schema.type].flat().map((type) => ofType(reader, type, schema)));
}

function ofType(reader: SchemaReader, type: unknown, schema: JsonSchema): Values {
  switch (type) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "integer":
      return integers(schema);
    case "number":
      return fc.double({
        min: number(schema.minimum, -1e9),
        max: number(schema.maximum, 1e9),
        noNaN: true,
      })
        .map((value) => value === 0 ? 0 : value);
    case "string":
      return strings(schema, reader);
    case "array":
      // Valid documents only: `items` is a schema.
      return fc.array(conforming(reader, (schema.items ?? {}) as JsonSchema), {
        minLength: number(schema.minItems, 0),
        maxLength: Math.min(number(schema.maxItems, 4), 4),
      });
    default:
      return objects(reader, schema);
  }
}

function integers({ minimum, maximum }: JsonSchema): Values {
  const min = number(minimum, Number.MIN_SAFE_INTEGER);
  const max = number(maximum, Number.MAX_SAFE_INTEGER);
  const small = { min: Math.max(min, -10), max: Math.min(max, Math.max(min, -10) + 2000) };
  return fc.oneof(
    fc.integer(small),
    fc.maxSafeInteger().filter((n) => n >= min && n <= max),
    fc.constantFrom(...[min, max]),
  );
}

const formats: Record<string, Values> = {
  uuid: fc.uuid(),
  "date-time": fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString()),
  date: fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  uri: fc.constantFrom("http://127.0.0.1:9/hook", "https://127.0.0.1:9/hook?a=1"),
};

function strings(schema: JsonSchema, reader: SchemaReader): Values {
  const { format, pattern, minLength, maxLength, contentSchema } = schema;
  if (contentSchema) {
    return conforming(reader, contentSchema as JsonSchema).map((value) => JSON.stringify(value));
  }
  const [min, max] = [number(minLength, 0), number(maxLength, 300)];
  const fits = (text: string) => text.length >= min && text.length <= max;
  const made = formats[String(format)] ??
    (typeof pattern === "string"
      ? fc.stringMatching(new RegExp(pattern, "u"), { maxLength: Math.min(max, 60) }).filter(fits)
      : fc.string({ unit: "grapheme", minLength: min, maxLength: Math.min(max, min + 30) })
        .filter(fits));
  return made.map(tame);
}

function objects(reader: SchemaReader, schema: JsonSchema): Values {
  // Valid documents only: `properties` maps names to schemas, `required` lists names.
  const properties = Object.entries(schema.properties as Record<string, JsonSchema> ?? {});
  const required = schema.required as string[] ?? [];
  const own = fc.record(
    Object.fromEntries(properties.map(([name, one]) => [name, conforming(reader, one, name)])),
    { requiredKeys: required },
  );
  if (schema.additionalProperties === false || properties.length > 0) return own;
  return fc.dictionary(fc.string({ minLength: 1, maxLength: 10 }), anyJson, { maxKeys: 4 }).map(
    tame,
  );
}

function number(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function tame(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, one) => {
    if (key === "__proto__") return undefined;
    if (typeof one === "string") return one.replaceAll("\0", "0").toWellFormed();
    return typeof one === "number" && Number.isInteger(one) && !Number.isSafeInteger(one) ? 7 : one;
  });
}
