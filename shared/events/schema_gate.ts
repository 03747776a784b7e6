import type { FieldError } from "../errors.ts";
import { patternCost } from "./pattern_cost.ts";
import { referenceFault } from "./schema_references.ts";
import { isObject, type SchemaObject, subschemas } from "./schema_walk.ts";

/** The most a registered schema may weigh, in bytes of UTF-8 JSON. */
export const SCHEMA_LIMIT = 64 * 1024;
/** How deep schemas may nest in schemas. */
const DEEPEST = 16;
/** The most steps that trying one pattern on one string may take. */
const MOST_STEPS = 1_000_000;
const LONGEST_UNIQUE = 1_000;

const KEYWORDS = new Set([
  ...["$schema", "$comment", "$defs", "$ref", "title", "description", "default", "examples"],
  ...[
    "deprecated",
    "type",
    "const",
    "enum",
    "not",
    "allOf",
    "anyOf",
    "oneOf",
    "if",
    "then",
    "else",
  ],
  ...["properties", "additionalProperties", "required", "minProperties", "maxProperties"],
  ...["items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems"],
  ...["minContains", "maxContains"],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  ...["minLength", "maxLength", "pattern", "format"],
]);
const FORMATS = new Set([
  ...["date", "time", "date-time", "duration", "uuid", "email", "hostname", "ipv4", "uri"],
]);
const TYPES = new Set(["object", "array", "string", "number", "integer", "boolean", "null"]);
const COUNTS = ["minProperties", "maxProperties", "minItems", "maxItems", "minContains"]
  .concat("maxContains", "minLength", "maxLength");
const NUMBERS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];

/**
 * What keeps a JSON Schema from being registered: unknown keywords (a typing error would check
 * nothing), references to elsewhere or to itself, and everything that could make validation slow.
 */
export function schemaFaults(schema: SchemaObject): FieldError[] {
  if (new TextEncoder().encode(JSON.stringify(schema)).byteLength > SCHEMA_LIMIT) {
    return [{ pointer: "", message: `is larger than ${SCHEMA_LIMIT} bytes` }];
  }
  const faults: FieldError[] = [];
  if (schema.type !== "object") faults.push({ pointer: "/type", message: `Expected "object"` });
  inspect(schema, "", 1, faults);
  if (faults.length > 0) return faults;
  const fault = referenceFault(schema);
  return fault ? [fault] : [];
}

function inspect(schema: unknown, pointer: string, depth: number, faults: FieldError[]): void {
  if (typeof schema === "boolean") return;
  const fault = (place: string, message: string) =>
    void faults.push({ pointer: `${pointer}${place}`, message });
  if (!isObject(schema)) return fault("", "Expected a schema");
  if (depth > DEEPEST) return fault("", `nests deeper than ${DEEPEST} levels`);
  for (const keyword of Object.keys(schema)) {
    if (!KEYWORDS.has(keyword)) fault(`/${keyword}`, "is no keyword that is checked here");
  }
  for (const [keyword, message] of wrongKeywords(schema)) fault(`/${keyword}`, message);
  for (const [place, inner] of subschemas(schema)) {
    inspect(inner, `${pointer}${place}`, depth + 1, faults);
  }
}

function* wrongKeywords(schema: SchemaObject): Generator<[keyword: string, message: string]> {
  const { type, required, pattern, maxLength, format, uniqueItems, maxItems } = schema;
  const types = type === undefined ? [] : Array.isArray(type) ? type : [type];
  if (types.some((one) => !TYPES.has(one))) yield ["type", "is no JSON type"];
  if ("enum" in schema && !Array.isArray(schema.enum)) yield ["enum", "Expected an array"];
  if ("required" in schema && !isNames(required)) yield ["required", "Expected property names"];
  for (const keyword of COUNTS) {
    if (keyword in schema && !isCount(schema[keyword])) yield [keyword, "Expected a whole number"];
  }
  for (const keyword of NUMBERS) {
    if (keyword in schema && typeof schema[keyword] !== "number") {
      yield [keyword, "Expected a number"];
    }
  }
  for (const keyword of ["allOf", "anyOf", "oneOf", "prefixItems"]) {
    if (keyword in schema && !Array.isArray(schema[keyword])) yield [keyword, "Expected an array"];
  }
  for (const keyword of ["properties", "$defs"]) {
    if (keyword in schema && !isObject(schema[keyword])) yield [keyword, "Expected an object"];
  }
  if (format !== undefined && !FORMATS.has(String(format))) {
    yield ["format", `Expected one of ${[...FORMATS].join(", ")}`];
  }
  if (uniqueItems === true && !(isCount(maxItems) && maxItems <= LONGEST_UNIQUE)) {
    yield ["uniqueItems", `needs maxItems up to ${LONGEST_UNIQUE} beside it`];
  }
  if (pattern !== undefined) yield* wrongPattern(pattern, maxLength);
}

function* wrongPattern(
  pattern: unknown,
  maxLength: unknown,
): Generator<[keyword: string, message: string]> {
  if (typeof pattern !== "string") yield ["pattern", "Expected a regular expression"];
  else if (!isCount(maxLength)) yield ["pattern", "needs maxLength beside it"];
  else if (patternCost(pattern, maxLength) > MOST_STEPS) {
    yield ["pattern", "could take too long; bound its repetitions or lower maxLength"];
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
