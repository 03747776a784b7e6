import type { FieldError } from "../errors.ts";
import { isObject, type SchemaObject, subschemas } from "./schema_walk.ts";

/** How many schemas a value may be held against, with every `$ref` written out. */
const MOST_SCHEMAS = 5_000;
const LOCAL = /^#\/\$defs\/([A-Za-z0-9_-]+)$/;

/**
 * Follows every `$ref` as validation would, and returns the first one that leads outside the
 * schema or back to itself, or where the schema written out becomes too large; null if none does.
 */
export function referenceFault(root: SchemaObject): FieldError | null {
  const definitions = isObject(root.$defs) ? root.$defs : {};
  let visited = 0;

  function follow(schema: unknown, pointer: string, path: readonly string[]): FieldError | null {
    if (!isObject(schema)) return null;
    if (++visited > MOST_SCHEMAS) return { pointer, message: "is too large written out" };
    if ("$ref" in schema) {
      const name = LOCAL.exec(String(schema.$ref))?.[1];
      const fault = refused(name, path);
      if (fault || name === undefined) return { pointer: `${pointer}/$ref`, message: fault ?? "" };
      const beyond = follow(definitions[name], `/$defs/${name}`, [...path, name]);
      if (beyond) return beyond;
    }
    for (const [place, inner] of subschemas(schema)) {
      const below = place.startsWith("/$defs/") ? null : follow(inner, `${pointer}${place}`, path);
      if (below) return below;
    }
    return null;
  }

  function refused(name: string | undefined, path: readonly string[]): string | null {
    if (name === undefined || !Object.hasOwn(definitions, name)) {
      return "Expected #/$defs/<name> of this schema";
    }
    return path.includes(name) ? "leads back to itself" : null;
  }

  for (const [name, schema] of Object.entries(definitions)) {
    const fault = follow(schema, `/$defs/${name}`, [name]);
    if (fault) return fault;
  }
  return follow(root, "", []);
}
