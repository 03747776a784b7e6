import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { findEventType } from "../../shared/events/catalog.ts";
import { forgetRegisteredType } from "../../shared/events/registered_types.ts";
import { checkRegistration, EventTypeDefinition } from "../../shared/events/registration.ts";
import { ApplicationError } from "../../shared/errors.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { CatalogType } from "./event_type.ts";

export const registerEventType = endpoint({
  method: "post",
  path: "/types",
  who: ["staff"],
  tags: ["Event types"],
  summary: "Register an event type or its next version",
  description: "The JSON Schema must be safe to check data with, accept the example, refuse the " +
    "counter-example, and accept everything its previous version accepted. Types about agents, " +
    "their decisions and the system are the platform's own.",
  request: { body: body(EventTypeDefinition) },
  problems: [
    "invalid_schema",
    "aggregate_type_mismatch",
    "incompatible_schema",
    "stale_schema_version",
    "event_type_in_code",
    "event_type_forbidden",
  ],
  responses: { 201: json(CatalogType, "Registered") },
}, async (c) => {
  const definition = c.req.valid("json");
  const { event_type } = definition;
  const database = adminClient();
  // Constraints of the table hold posted_by and source to the words of CatalogType.
  const previous = dataOf(
    await database.from("event_types").select().eq("event_type", event_type).maybeSingle(),
  ) as CatalogType | null;
  const inCode = findEventType(event_type) !== undefined;
  checkRegistration(definition, inCode ? { ...IN_CODE, ...previous } : previous);
  if (previous && previous.aggregate_type !== definition.aggregate_type) {
    const detail = `"${event_type}" belongs to aggregate type "${previous.aggregate_type}".`;
    throw new ApplicationError("aggregate_type_mismatch", detail);
  }
  const { counter_example: _, ...p_definition } = definition;
  const stored: CatalogType = dataOf(
    await database.rpc("register_event_type", {
      p_definition,
      p_expected_schema_version: previous?.schema_version ?? 0,
    }),
  );
  forgetRegisteredType(event_type);
  c.header("Location", `/functions/v1/events/types/${event_type}`);
  return c.json(stored, 201);
});

/** Stands in for the row of a type that this code knows and the database does not yet. */
const IN_CODE = { source: "code", json_schema: {}, example: {} };
