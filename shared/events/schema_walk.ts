import { pointerToken } from "../http/inspect_json.ts";

/** A JSON Schema that is an object; `true` and `false` are schemas too. */
export type SchemaObject = Record<string, unknown>;

const SINGLE = ["items", "additionalProperties", "not", "if", "then", "else", "contains"];
const LISTS = ["allOf", "anyOf", "oneOf", "prefixItems"];
const MAPS = ["properties", "$defs"];

/** Whether the value is an object, which is what every schema but true and false is. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The schemas directly inside a schema, each with its place as a JSON pointer below it. */
export function subschemas(schema: SchemaObject): [pointer: string, schema: unknown][] {
  const found: [string, unknown][] = [];
  for (const keyword of SINGLE) {
    if (keyword in schema) found.push([`/${keyword}`, schema[keyword]]);
  }
  for (const keyword of LISTS) {
    const list = schema[keyword];
    if (Array.isArray(list)) list.forEach((one, i) => found.push([`/${keyword}/${i}`, one]));
  }
  for (const keyword of MAPS) {
    const map = schema[keyword];
    if (!isObject(map)) continue;
    for (const [name, one] of Object.entries(map)) {
      found.push([`/${keyword}/${pointerToken(name)}`, one]);
    }
  }
  return found;
}

/** Rebuilds a schema from the inside out, giving every schema object in it to `change`. */
export function mapSchemas(
  schema: unknown,
  change: (schema: SchemaObject) => SchemaObject,
): unknown {
  if (!isObject(schema)) return schema;
  const copy: SchemaObject = { ...schema };
  const inner = (one: unknown) => mapSchemas(one, change);
  for (const keyword of SINGLE) if (keyword in copy) copy[keyword] = inner(copy[keyword]);
  for (const keyword of LISTS) {
    const list = copy[keyword];
    if (Array.isArray(list)) copy[keyword] = list.map(inner);
  }
  for (const keyword of MAPS) {
    const map = copy[keyword];
    if (!isObject(map)) continue;
    copy[keyword] = Object.fromEntries(
      Object.entries(map).map(([name, one]) => [name, inner(one)]),
    );
  }
  return change(copy);
}
