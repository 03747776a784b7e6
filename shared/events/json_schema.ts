import { type OutputUnit, type Schema, Validator } from "@cfworker/json-schema";
import type { FieldError } from "../errors.ts";
import { mapSchemas, type SchemaObject } from "./schema_walk.ts";

/** Says what is wrong with a value; an empty list means it conforms. */
export type Check = (value: unknown) => FieldError[];

const MOST_ERRORS = 50;
/** Keywords that only report that something below them failed. */
const WRAPPERS = new Set([
  "$ref",
  "additionalProperties",
  "allOf",
  "if",
  "items",
  "prefixItems",
  "properties",
]);

/**
 * Compiles a JSON Schema (2020-12) that passed the registration gate. A `pattern` is only tried
 * on strings within the `maxLength` beside it, which is what bounds its cost.
 */
export function compileJsonSchema(schema: SchemaObject): Check {
  // mapSchemas gives back an object for an object.
  const guarded = mapSchemas(schema, guardPattern) as Schema;
  const validator = new Validator(guarded, "2020-12", false);
  return (value) => {
    const errors = validator.validate(value).errors.filter((one) => !WRAPPERS.has(one.keyword));
    return errors.slice(0, MOST_ERRORS).map(fieldError);
  };
}

function fieldError({ instanceLocation, keyword, error }: OutputUnit): FieldError {
  return {
    pointer: decodeURIComponent(instanceLocation.slice(1)),
    message: keyword === "false" ? "is not known here" : error,
  };
}

// {maxLength: 20, pattern: P} → {maxLength: 20, allOf: [{if: {maxLength: 20}, then: {pattern: P}}]}
function guardPattern(schema: SchemaObject): SchemaObject {
  if (!("pattern" in schema)) return schema;
  const { pattern, ...rest } = schema;
  const guard = { if: { maxLength: rest.maxLength }, then: { pattern } };
  return { ...rest, allOf: [...(Array.isArray(rest.allOf) ? rest.allOf : []), guard] };
}
