import { z } from "zod";
import {
  aggregateNotFound,
  AggregatePath,
  foldHistory,
  readHistory,
} from "../../../shared/events/aggregate_history.ts";
import { nextCursor } from "../../../shared/events/cursor.ts";
import { jsonObject } from "../../../shared/events/envelope.ts";
import { EventFilters } from "../../../shared/events/event_filters.ts";
import { horizonOf, When } from "../../../shared/events/horizon.ts";
import { queryEvents as query } from "../../../shared/events/query_events.ts";
import { tool } from "../tool.ts";

const limit = z.int().min(1).max(1000).default(100);
const cursor = z.int().min(0).optional().describe("From `next` of the page before");
const version = z.int().min(1);

/** The filters of the route, with numbers, booleans and objects where a URL can only hold text. */
const Filters = z.strictObject({
  ...EventFilters.shape,
  processed: z.boolean().optional(),
  failed: z.boolean().optional().describe("Not processed, with an error"),
  data: jsonObject.optional().describe("JSON that the data contains"),
  limit,
  cursor,
});

export const queryEvents = tool({
  name: "query_events",
  title: "Query events",
  description: "Finds events of the log that you may read, newest first. Filters combine with and.",
  input: Filters,
  who: ["user", "agent", "service"],
  readOnly: true,
}, async ({ principal, token, reader }, { data, ...filters }) => {
  const asked = { ...filters, data: data && JSON.stringify(data) };
  const events = await query(reader, { principal, token }, asked);
  return { events, next: nextCursor(events, filters.limit, ({ event_number }) => event_number) };
});

export const getHistory = tool({
  name: "get_history",
  title: "Get the history of an aggregate",
  description: "Everything that happened to one entity, oldest first. The cursor is its version.",
  input: z.strictObject({ ...AggregatePath.shape, limit, cursor }),
  who: ["user", "agent", "service"],
  readOnly: true,
}, async ({ reader }, { type, id, limit, cursor = 0 }) => {
  const events = await readHistory(reader, { type, id }, cursor, limit);
  if (events.length === 0 && cursor === 0) throw aggregateNotFound({ type, id });
  return { events, next: nextCursor(events, limit, (event) => event.aggregate_version) };
});

export const getState = tool({
  name: "get_state",
  title: "Get the state of an aggregate, now or at a time",
  description: "Folds the history of one entity: now, as of a time, at a version or at an event.",
  input: z.strictObject({
    ...AggregatePath.shape,
    as_of: When.shape.as_of,
    at_version: version.optional(),
    at_event: When.shape.at_event,
  }).refine(
    ({ as_of, at_version, at_event }) =>
      [as_of, at_version, at_event].filter((one) => one !== undefined).length <= 1,
    "Expected one of as_of, at_version and at_event",
  ),
  who: ["user", "agent", "service"],
  readOnly: true,
}, async ({ reader }, { type, id, ...when }) => {
  const horizon = await horizonOf(reader, when);
  const { finished: _, ...folded } = await foldHistory(reader, { type, id }, horizon);
  if (folded.version === 0 && !folded.blocked_by) throw aggregateNotFound({ type, id });
  return { aggregate_type: type, aggregate_id: id, ...folded };
});
