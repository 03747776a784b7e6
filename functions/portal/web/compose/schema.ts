/** The words of JSON Schema that a form can be made of; whatever else there is, the API checks. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
}

/** What a field of the form is. `json` takes anything. */
export type Kind = "text" | "number" | "flag" | "choice" | "list" | "group" | "json";

/** A schema without references and without the alternative null. */
export function plain(schema: Schema, root: Schema): Schema {
  if (schema.$ref) return plain(target(schema.$ref, root), root);
  const others = schema.anyOf?.filter(({ type }) => type !== "null");
  if (others?.length === 1 && others[0]) return { ...plain(others[0], root), ...said(schema) };
  if (typeof schema.type !== "object") return schema;
  const types = schema.type.filter((type) => type !== "null");
  return types.length === 1 && types[0] ? { ...schema, type: types[0] } : schema;
}

export function kindOf({ type, enum: choices, properties, items }: Schema): Kind {
  if (choices?.every((choice) => typeof choice === "string")) return "choice";
  if (type === "string") return "text";
  if (type === "number" || type === "integer") return "number";
  if (type === "boolean") return "flag";
  if (type === "array" && items) return "list";
  if (type === "object" && properties && Object.keys(properties).length > 0) return "group";
  return "json";
}

function said({ description }: Schema): Schema {
  return description ? { description } : {};
}

/** `#/$defs/Address` within the root. */
function target(reference: string, root: Schema): Schema {
  let place: unknown = root;
  for (const step of reference.replace(/^#\/?/, "").split("/").filter(Boolean)) {
    if (typeof place !== "object" || place === null || !Object.hasOwn(place, step)) return {};
    place = place[step as keyof typeof place]; // its own, by the test above
  }
  // The catalog holds schemas only; what is none becomes a field that takes anything.
  return typeof place === "object" && place !== null && !("$ref" in place) ? place as Schema : {};
}

/** A value as an object; one without members when it is none. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
