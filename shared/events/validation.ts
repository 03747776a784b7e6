import type { DatabaseClient } from "../database/client.ts";
import { ApplicationError, type FieldError } from "../errors.ts";
import { fieldErrors } from "../http/validation_problem.ts";
import { type CatalogEntry, findEventType } from "./catalog.ts";
import { findRegisteredType, type RegisteredType } from "./registered_types.ts";

/** Data that matches its event type, and the version of the schema it was held against. */
export interface ValidData {
  data: Record<string, unknown>;
  schemaVersion: number;
}

interface Claim {
  event_type: string;
  aggregate_type: string;
  data: Record<string, unknown>;
}

/**
 * Checks an event against its type: one defined in code, or one registered in the database.
 * `pointer` is where the event stands in the request body.
 *
 * @throws ApplicationError `unknown_event_type`, `aggregate_type_mismatch`, `invalid_event_data`,
 * all 422, the last with a pointer to each wrong place
 */
export async function validateEvent(
  database: DatabaseClient,
  event: Claim,
  pointer = "",
): Promise<ValidData> {
  const inCode = findEventType(event.event_type);
  if (inCode) return validateByCode(inCode, event, pointer);
  const registered = await findRegisteredType(database, event.event_type);
  if (!registered) {
    const detail = `"${event.event_type}" is no event type; GET /events/types lists them.`;
    throw new ApplicationError("unknown_event_type", detail, {
      errors: [{ pointer: `${pointer}/event_type`, message: "is not in the catalog" }],
    });
  }
  return await validateByDatabase(database, registered, event, pointer);
}

function validateByCode(type: CatalogEntry, event: Claim, pointer: string): ValidData {
  requireAggregateType(type.aggregateType, event, pointer);
  const result = type.schema.safeParse(event.data);
  if (!result.success) refuse(event, fieldErrors(result.error, `${pointer}/data`));
  // Event data are objects: every schema of the catalog is a strict object.
  return { data: result.data as Record<string, unknown>, schemaVersion: type.schemaVersion };
}

async function validateByDatabase(
  database: DatabaseClient,
  type: RegisteredType,
  event: Claim,
  pointer: string,
): Promise<ValidData> {
  let current = type;
  let errors = current.check(event.data);
  if (errors.length > 0) {
    // The schema may have grown since it was read.
    current = await findRegisteredType(database, event.event_type, true) ?? current;
    if (current !== type) errors = current.check(event.data);
  }
  requireAggregateType(current.aggregateType, event, pointer);
  if (errors.length > 0) {
    refuse(event, errors.map((one) => ({ ...one, pointer: `${pointer}/data${one.pointer}` })));
  }
  return { data: event.data, schemaVersion: current.schemaVersion };
}

function requireAggregateType(wanted: string, event: Claim, pointer: string): void {
  if (wanted === event.aggregate_type) return;
  const detail = `"${event.event_type}" belongs to aggregate type "${wanted}".`;
  throw new ApplicationError("aggregate_type_mismatch", detail, {
    errors: [{ pointer: `${pointer}/aggregate_type`, message: `Expected "${wanted}"` }],
  });
}

function refuse(event: Claim, errors: FieldError[]): never {
  const detail = `The data of "${event.event_type}" does not match its schema.`;
  throw new ApplicationError("invalid_event_data", detail, { errors });
}
