import { z } from "@hono/zod-openapi";
import { SYSTEM } from "../domain/system.ts";
import { ApplicationError, type FieldError } from "../errors.ts";
import { aggregateTypeName, eventTypeName, jsonObject } from "./envelope.ts";
import { compileJsonSchema } from "./json_schema.ts";
import { incompatibilities } from "./schema_compatibility.ts";
import { schemaFaults } from "./schema_gate.ts";

/** An event type as staff register it; the counter-example is checked and not kept. */
export const EventTypeDefinition = z.strictObject({
  event_type: eventTypeName,
  aggregate_type: aggregateTypeName.refine((type) => type !== SYSTEM, {
    error: "is kept for what happens to the platform itself",
  }).openapi({ not: { const: SYSTEM } }),
  description: z.string().trim().min(1).max(1000).openapi({ pattern: "\\S" }),
  json_schema: jsonObject,
  example: jsonObject,
  counter_example: jsonObject.openapi({ description: "Data that the schema must refuse" }),
  posted_by: z.array(z.enum(["user", "staff", "agent", "service"])).min(1),
}).openapi("EventTypeDefinition", {
  example: {
    event_type: "product.reviewed",
    aggregate_type: "product",
    description: "A customer reviewed the product.",
    json_schema: {
      type: "object",
      properties: { stars: { type: "integer", minimum: 1, maximum: 5 } },
      required: ["stars"],
      additionalProperties: false,
    },
    example: { stars: 5 },
    counter_example: { stars: 6 },
    posted_by: ["user", "staff"],
  },
});
export type EventTypeDefinition = z.output<typeof EventTypeDefinition>;

/** The version of an event type that a registration would follow. */
export interface RegisteredVersion {
  source: string;
  json_schema: Record<string, unknown>;
  example: unknown;
}

/**
 * Decides whether a definition may become the next version of its event type.
 *
 * @throws ApplicationError `event_type_in_code` (409), `invalid_schema` (422) with pointers into
 * the definition, `incompatible_schema` (409) when events already stored would no longer be valid
 */
export function checkRegistration(
  definition: EventTypeDefinition,
  previous: RegisteredVersion | null,
): void {
  if (previous?.source === "code") {
    throw new ApplicationError("event_type_in_code", "Change it where it is defined, in code.");
  }
  const faults = schemaFaults(definition.json_schema);
  refuse("invalid_schema", "The JSON Schema cannot be used.", below("/json_schema", faults));
  const check = compileJsonSchema(definition.json_schema);
  const wrong = below("/example", check(definition.example));
  refuse("invalid_schema", "The example does not match the schema.", wrong);
  if (check(definition.counter_example).length === 0) {
    const message = "Expected data that the schema refuses";
    refuse("invalid_schema", "The schema accepts the counter-example.", [
      { pointer: "/counter_example", message },
    ]);
  }
  if (previous) checkSuccession(definition, previous, check(previous.example));
}

function checkSuccession(
  definition: EventTypeDefinition,
  previous: RegisteredVersion,
  exampleErrors: FieldError[],
): void {
  const changes = incompatibilities(previous.json_schema, definition.json_schema);
  refuse("incompatible_schema", "Events already stored would no longer be valid.", [
    ...below("/json_schema", changes),
    ...exampleErrors.map(({ message }) => ({
      pointer: "/json_schema",
      message: `The previous example would be refused: ${message}`,
    })),
  ]);
}

function refuse(
  code: "invalid_schema" | "incompatible_schema",
  detail: string,
  errors: FieldError[],
): void {
  if (errors.length > 0) throw new ApplicationError(code, detail, { errors });
}

function below(root: string, errors: FieldError[]): FieldError[] {
  return errors.map(({ pointer, message }) => ({ pointer: `${root}${pointer}`, message }));
}
