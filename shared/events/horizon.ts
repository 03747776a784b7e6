import { z } from "@hono/zod-openapi";
import type { DatabaseClient } from "../database/client.ts";
import { dataOf } from "../database/sqlstate.ts";
import { toInstant } from "../domain/timestamp.ts";
import { ApplicationError } from "../errors.ts";
import { wholeNumber } from "../http/whole_number.ts";
import { uuid } from "./envelope.ts";
import type { Horizon } from "./time_travel.ts";

/** Up to when a state is wanted, as a query says it; nothing is now. */
export const When = z.strictObject({
  as_of: z.iso.datetime({ offset: true, error: "Expected a time such as 2025-10-26T09:30:00Z" })
    .optional(),
  at_version: wholeNumber(1, Number.MAX_SAFE_INTEGER, "Expected a version").optional(),
  at_event: z.union([uuid, z.string().regex(/^\d{1,15}$/)], "Expected an event id or number")
    .optional().openapi({ description: "Id or number of any event of the log" }),
}).refine((when) => Object.values(when).filter((one) => one !== undefined).length <= 1, {
  error: "Expected one of as_of, at_version and at_event",
});

/**
 * The point in the log that is meant.
 *
 * @throws ApplicationError `event_not_found` (404) for an event that the reader does not see
 */
export async function horizonOf(
  database: DatabaseClient,
  { as_of, at_version, at_event }: z.output<typeof When>,
): Promise<Horizon> {
  if (as_of !== undefined) return { as_of: toInstant(as_of) };
  if (at_version !== undefined) return { at_version };
  if (at_event === undefined) return "now";
  if (!at_event.includes("-")) return { event_number: Number(at_event) };
  const event: { event_number: number } | null = dataOf(
    await database.from("events").select("event_number").eq("id", at_event).maybeSingle(),
  );
  if (event) return { event_number: event.event_number };
  throw new ApplicationError("event_not_found", `There is no event ${at_event} to see.`);
}
