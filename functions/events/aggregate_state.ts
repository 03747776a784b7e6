import { z } from "@hono/zod-openapi";
import {
  aggregateNotFound,
  AggregatePath,
  foldHistory,
} from "../../shared/events/aggregate_history.ts";
import { aggregateTypeName, nullableJsonObject, uuid } from "../../shared/events/envelope.ts";
import { horizonOf, When } from "../../shared/events/horizon.ts";
import { readerOf } from "../../shared/http/authenticate.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";

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
