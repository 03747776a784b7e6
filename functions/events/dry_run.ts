import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { dryRun as tryOut } from "../../shared/database_manager/dry_run.ts";
import { appendProblems } from "../../shared/events/append.ts";
import {
  aggregateTypeName,
  nullableJsonObject,
  PostedEvent,
  StoredEvent,
  uuid,
} from "../../shared/events/envelope.ts";
import { readerOf } from "../../shared/http/authenticate.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { eventExamples } from "./event_examples.ts";

const DryRun = z.object({
  event: StoredEvent.openapi({ description: "As it would be, but for id, number and time" }),
  replayed: z.boolean().openapi({ description: "Stored before with this idempotency key" }),
  changes: z.array(z.object({
    table_name: z.string(),
    row_id: z.string(),
    operation: z.enum(["insert", "update", "delete"]),
    before: nullableJsonObject.openapi({ description: "The changed columns before" }),
    after: nullableJsonObject.openapi({ description: "The changed columns after" }),
  })).openapi({ description: "The rows it would change" }),
  effects: z.array(z.object({
    event_type: z.string(),
    aggregate_type: aggregateTypeName,
    aggregate_id: uuid,
    data: z.record(z.string(), z.unknown()),
  })).openapi({ description: "The events that would follow in other aggregates" }),
  failure: z.object({ code: z.string(), detail: z.string() }).nullable().openapi({
    description: "Why the Database Manager would park it",
  }),
}).openapi("DryRun");

export const dryRun = endpoint({
  method: "post",
  path: "/dry-run",
  who: ["user", "agent", "service"],
  tags: ["Events"],
  summary: "See what an event would change, without posting it",
  description: "Passes every check that a post passes and refuses as it would; stores nothing.",
  request: { body: body(PostedEvent, eventExamples()) },
  problems: [...appendProblems, "aggregate_not_found"],
  responses: { 200: json(DryRun, "What it would do") },
}, async (c) => {
  const tried = await tryOut(adminClient(), readerOf(c), c.var.principal, [c.req.valid("json")]);
  const [event] = tried.events;
  if (!event) throw new Error("try_events answered without the event it tried");
  const { replayed, failure } = tried;
  const changes = tried.changes.map(({ table_name, row_id, operation, before, after }) => ({
    table_name,
    row_id,
    operation,
    before: before && { ...before },
    after: after && { ...after },
  }));
  const effects = tried.effects.map((effect) => ({ ...effect, data: { ...effect.data } }));
  return c.json({ event, replayed, changes, effects, failure }, 200);
});
