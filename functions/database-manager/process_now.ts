import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { wake } from "../../shared/database_manager/worker.ts";
import { uuid } from "../../shared/events/envelope.ts";
import { actorOf } from "../../shared/http/authenticate.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { reason } from "./event_path.ts";

const ProcessNow = z.strictObject({
  event_ids: z.array(uuid).min(1).max(100).optional().openapi({
    description: "Make these failed or waiting events due first, all or none",
  }),
  reason: reason.optional(),
}).openapi("ProcessNow");

const Outcome = z.object({
  processed: z.int(),
  failed: z.int(),
  complete: z.boolean().openapi({ description: "false: a further worker goes on" }),
  events: z.array(z.object({
    id: uuid,
    processed: z.boolean(),
    processing_error: z.string().nullable(),
  })).openapi({ description: "The events asked for, as they are now" }),
}).openapi("ProcessOutcome");

export const processNow = endpoint({
  method: "post",
  path: "/process",
  who: ["staff", "service"],
  tags: ["Database Manager"],
  summary: "Process what waits, now",
  request: { body: body(ProcessNow) },
  problems: ["event_not_found", "already_processed", "wrong_state"],
  responses: { 200: json(Outcome, "What was done") },
}, async (c) => {
  const { event_ids, reason } = c.req.valid("json");
  dataOf(
    await adminClient().rpc("request_processing", {
      p_event_ids: event_ids ?? null,
      p_actor: actorOf(c),
      p_reason: reason ?? null,
    }),
  );
  const { processed, failed, cutShort } = await wake();
  const events = await look(event_ids ?? []);
  return c.json({ processed, failed, complete: !cutShort, events }, 200);
});

type Looked = z.output<typeof Outcome>["events"];

async function look(ids: readonly string[]): Promise<Looked> {
  if (ids.length === 0) return [];
  return dataOf(
    await adminClient().from("events").select("id,processed,processing_error").in("id", ids),
  );
}
