import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { findAggregate } from "../../shared/domain/aggregates.ts";
import { byAggregate } from "../../shared/database_manager/grouping.ts";
import { ApplicationError } from "../../shared/errors.ts";
import {
  aggregateTypeName,
  nullableJsonObject,
  type StoredEvent,
  uuid,
} from "../../shared/events/envelope.ts";
import { foldUntil, unborn } from "../../shared/events/time_travel.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { wholeNumber } from "../../shared/http/whole_number.ts";

const FIRST_ID = "00000000-0000-0000-0000-000000000000";

const Query = z.strictObject({
  as_of: z.iso.datetime({ offset: true, error: "Expected a time such as 2025-10-26T09:30:00Z" })
    .optional(),
  at_event: wholeNumber(1, Number.MAX_SAFE_INTEGER, "Expected an event number").optional(),
  limit: wholeNumber(1, 500).default(100).openapi({ default: 100 }),
  cursor: uuid.default(FIRST_ID),
}).refine((query) => query.as_of === undefined || query.at_event === undefined, {
  error: "Expected one of as_of and at_event",
});

const States = z.object({
  aggregate_type: aggregateTypeName,
  states: z.array(z.object({
    aggregate_id: uuid,
    version: z.int(),
    state: nullableJsonObject,
    blocked_by: z.object({ event_id: uuid, code: z.string(), detail: z.string() }).loose()
      .nullable().openapi({ description: "The next event, when the domain refuses it" }),
  })),
  next: uuid.nullable().openapi({ description: "Pass as cursor to get the next page" }),
}).openapi("WholeState");

interface AggregatesPage {
  last_id: string | null;
  more: boolean;
  events: StoredEvent[];
}

export const wholeState = endpoint({
  method: "get",
  path: "/state/{aggregate_type}",
  who: ["staff", "service"],
  tags: ["Database Manager"],
  summary: "The state of all aggregates of a type, now or at any time before",
  description: "Folded anew from the log. Pages can hold fewer states than the limit.",
  request: { params: z.object({ aggregate_type: aggregateTypeName }), query: Query },
  problems: ["aggregate_type_not_found"],
  responses: { 200: json(States, "A page of states, in the order of their ids") },
}, async (c) => {
  const { aggregate_type } = c.req.valid("param");
  const { as_of, at_event, limit, cursor } = c.req.valid("query");
  const aggregate = findAggregate(aggregate_type);
  if (!aggregate) {
    const detail = `"${aggregate_type}" has no state table.`;
    throw new ApplicationError("aggregate_type_not_found", detail);
  }
  const page: AggregatesPage = dataOf(
    await adminClient().rpc("get_aggregates_page", {
      p_aggregate_type: aggregate_type,
      p_after_id: cursor,
      p_limit: limit,
      p_as_of: as_of ?? null,
      p_until_event: at_event ?? null,
    }),
  );
  const states = [...byAggregate(page.events).values()].map((events) => {
    const { state, version, blocked_by } = foldUntil(aggregate, unborn, events, "now");
    return {
      aggregate_id: events[0].aggregate_id,
      version,
      state: state && { ...state },
      blocked_by: blocked_by && { ...blocked_by },
    };
  });
  return c.json({ aggregate_type, states, next: page.more ? page.last_id : null }, 200);
});
