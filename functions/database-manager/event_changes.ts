import { z } from "@hono/zod-openapi";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { ApplicationError } from "../../shared/errors.ts";
import { cursor, limit, next, nextCursor } from "../../shared/events/cursor.ts";
import { nullableJsonObject, uuid } from "../../shared/events/envelope.ts";
import { readerOf } from "../../shared/http/authenticate.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { EventPath } from "./event_path.ts";

const StateChange = z.object({
  change_number: z.int(),
  event_number: z.int(),
  event_id: uuid,
  table_name: z.string(),
  row_id: z.string(),
  operation: z.enum(["insert", "update", "delete"]),
  before: nullableJsonObject.openapi({ description: "The changed columns before" }),
  after: nullableJsonObject.openapi({ description: "The changed columns after" }),
  created_at: z.string().openapi({ format: "date-time" }),
}).openapi("StateChange");
type StateChange = z.output<typeof StateChange>;

const Changes = z.object({ processed: z.boolean(), changes: z.array(StateChange), next })
  .openapi("EventChanges");

export const eventChanges = endpoint({
  method: "get",
  path: "/events/{id}/changes",
  who: ["staff", "service"],
  tags: ["Database Manager"],
  summary: "What an event did to the state tables",
  description: "In the order of the changes. Here the cursor is the number of a change.",
  request: {
    params: EventPath,
    query: z.strictObject({ limit, cursor: cursor.default(0) }),
  },
  problems: ["event_not_found"],
  responses: { 200: json(Changes, "A page of the rows it touched, before and after") },
}, async (c) => {
  const { id } = c.req.valid("param");
  const { limit, cursor } = c.req.valid("query");
  const reader = readerOf(c);
  const [event, page] = await Promise.all([
    reader.from("events").select("processed").eq("id", id).maybeSingle(),
    reader.from("state_changes").select().eq("event_id", id).gt("change_number", cursor)
      .order("change_number").limit(limit),
  ]);
  const found: { processed: boolean } | null = dataOf(event);
  if (!found) throw new ApplicationError("event_not_found", `There is no event ${id} to see.`);
  const changes: StateChange[] = dataOf(page);
  const next = nextCursor(changes, limit, (change) => change.change_number);
  return c.json({ processed: found.processed, changes, next }, 200);
});
