import { z } from "@hono/zod-openapi";
import type { DatabaseClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { toInstant } from "../../shared/domain/timestamp.ts";
import { ApplicationError } from "../../shared/errors.ts";
import {
  aggregateNotFound,
  AggregatePath,
  foldHistory,
} from "../../shared/events/aggregate_history.ts";
import { aggregateTypeName, nullableJsonObject, uuid } from "../../shared/events/envelope.ts";
import type { Horizon } from "../../shared/events/time_travel.ts";
import { readerOf } from "../../shared/http/authenticate.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { wholeNumber } from "../../shared/http/whole_number.ts";

const When = z.strictObject({
  as_of: z.iso.datetime({ offset: true, error: "Expected a time such as 2025-10-26T09:30:00Z" })
    .optional(),
  at_version: wholeNumber(1, Number.MAX_SAFE_INTEGER, "Expected a version").optional(),
  at_event: z.union([uuid, z.string().regex(/^\d{1,15}$/)], "Expected an event id or number")
    .optional().openapi({ description: "Id or number of any event of the log" }),
}).refine((when) => Object.values(when).filter((one) => one !== undefined).length <= 1, {
  error: "Expected one of as_of, at_version and at_event",
});

const AggregateState = z.object({
  aggregate_type: aggregateTypeName,
  aggregate_id: uuid,
  version: z.int(),
  as_of: z.string().nullable().openapi({
    format: "date-time",
    description: "Time of its last event then; null when the domain refuses its first one",
  }),
  last_event_number: z.int(),
  state: nullableJsonObject.openapi({ description: "null: this type has no state tables" }),
  blocked_by: z.object({
    event_id: uuid,
    event_number: z.int(),
    code: z.string(),
    detail: z.string(),
  }).nullable().openapi({ description: "The next event, when the domain refuses it" }),
}).openapi("AggregateState");

export const aggregateState = endpoint({
  method: "get",
  path: "/aggregate/{type}/{id}/state",
  who: ["user", "agent", "service"],
  tags: ["Aggregates"],
  summary: "Get the state of an entity, now or at any time before",
  description: "Folds the history anew, so it is right even while the Database Manager is behind.",
  request: { params: AggregatePath, query: When },
  problems: ["aggregate_not_found", "event_not_found"],
  responses: { 200: json(AggregateState, "The state") },
}, async (c) => {
  const path = c.req.valid("param");
  const reader = readerOf(c);
  const horizon = await horizonOf(reader, c.req.valid("query"));
  const { finished: _, state, ...folded } = await foldHistory(reader, path, horizon);
  if (folded.version === 0 && !folded.blocked_by) throw aggregateNotFound(path);
  return c.json({
    aggregate_type: path.type,
    aggregate_id: path.id,
    ...folded,
    state: state && { ...state },
  }, 200);
});

async function horizonOf(
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
