import type { FieldError } from "../errors.ts";
import { pointerToken } from "../http/inspect_json.ts";
import { isObject, type SchemaObject } from "./schema_walk.ts";

/** Bounds that may not appear or grow, and bounds that may not appear or shrink. */
const LOWER = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
const UPPER = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];
/** Keywords that may go, but neither come nor change. */
const FIXED = ["pattern", "format", "multipleOf", "uniqueItems"];
/** Keywords whose effect is not compared: any change to them is refused. */
const OPAQUE = ["$ref", "$defs", "not", "allOf", "anyOf", "oneOf", "if", "then", "else"]
  .concat("prefixItems", "contains", "minContains", "maxContains");

/**
 * Where a new schema would refuse data that the old one accepted: events already stored must stay
 * valid. It errs on the side of refusing: what cannot be compared may not change.
 */
export function incompatibilities(
  before: unknown,
  after: unknown,
  pointer = "",
): FieldError[] {
  if (after === true || deepEqual(before, after)) return [];
  if (!isObject(after)) return [{ pointer, message: "no longer accepts anything" }];
  const old = isObject(before) ? before : {};
  const faults = [...wording(old, after)].map(([place, message]) => ({
    pointer: `${pointer}${place}`,
    message,
  }));
  return [...faults, ...members(old, after, pointer)];
}

function* wording(
  old: SchemaObject,
  now: SchemaObject,
): Generator<[place: string, message: string]> {
  if (!typesKept(old.type, now.type)) yield ["/type", "is narrower than before"];
  if (!valuesKept(old, now)) yield ["/enum", "allows fewer values than before"];
  const added = names(now.required).filter((name) => !names(old.required).includes(name));
  for (const name of added) yield ["/required", `newly requires "${name}"`];
  for (const bound of LOWER) {
    if (tighter(now[bound], old[bound], 1)) yield [`/${bound}`, "is higher than before"];
  }
  for (const bound of UPPER) {
    if (tighter(now[bound], old[bound], -1)) yield [`/${bound}`, "is lower than before"];
  }
  for (const keyword of FIXED) {
    if (keyword in now && !deepEqual(old[keyword], now[keyword])) {
      yield [`/${keyword}`, "is new or has changed"];
    }
  }
  for (const keyword of OPAQUE) {
    if (!deepEqual(old[keyword], now[keyword])) yield [`/${keyword}`, "has changed"];
  }
}

/** Properties, further properties and items, each compared on its own. */
function members(old: SchemaObject, now: SchemaObject, pointer: string): FieldError[] {
  const faults: FieldError[] = [];
  const oldProperties = isObject(old.properties) ? old.properties : {};
  const properties = isObject(now.properties) ? now.properties : {};
  for (const [name, schema] of Object.entries(oldProperties)) {
    const place = `${pointer}/properties/${pointerToken(name)}`;
    if (name in properties) faults.push(...incompatibilities(schema, properties[name], place));
    else faults.push({ pointer: place, message: "is no longer there" });
  }
  for (const keyword of ["additionalProperties", "items"]) {
    const place = `${pointer}/${keyword}`;
    faults.push(...incompatibilities(old[keyword] ?? true, now[keyword] ?? true, place));
  }
  return faults;
}

function typesKept(old: unknown, now: unknown): boolean {
  if (now === undefined) return true;
  const allowed = new Set([now].flat());
  if (allowed.has("number")) allowed.add("integer");
  return old !== undefined && [old].flat().every((type) => allowed.has(type));
}

function valuesKept(old: SchemaObject, now: SchemaObject): boolean {
  const allowed = values(now);
  if (!allowed) return true;
  return values(old)?.every((one) => allowed.some((value) => deepEqual(one, value))) ?? false;
}

function values(schema: SchemaObject): unknown[] | null {
  if ("const" in schema) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : null;
}

function names(required: unknown): string[] {
  return Array.isArray(required) ? required : [];
}

function tighter(now: unknown, old: unknown, sign: 1 | -1): boolean {
  if (now === undefined) return false;
  return old === undefined || sign * (Number(now) - Number(old)) > 0;
}

function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((one, i) => deepEqual(one, b[i]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => deepEqual(a[key], b[key]));
}
