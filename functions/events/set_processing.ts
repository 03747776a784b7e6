import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { StoredEvent, uuid } from "../../shared/events/envelope.ts";
import { actorOf } from "../../shared/http/authenticate.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { waitUntilProcessed } from "./processed.ts";

/** Seconds; a paused Database Manager marks it later. */
const LONGEST_WAIT = 2;

const Processing = z.strictObject({
  status: z.enum(["processed", "failed", "pending"]).openapi({
    description: "processed: counts as done without changing state; failed: parked with the " +
      "error; pending: tried again",
  }),
  error: z.string().trim().min(1).max(2000).openapi({ pattern: "\\S" }).nullish(),
}).openapi("Processing", { example: { status: "failed", error: "The supplier disputes it" } });

export const setProcessing = endpoint({
  method: "put",
  path: "/{id}/processing",
  who: ["staff", "service"],
  tags: ["Processing"],
  summary: "Update the processing status of an event",
  request: { params: z.object({ id: uuid }), body: body(Processing) },
  problems: ["event_not_found", "already_processed"],
  responses: { 200: json(StoredEvent, "The event as it is now") },
}, async (c) => {
  const { status, error } = c.req.valid("json");
  const event: StoredEvent = dataOf(
    await adminClient().rpc("set_event_processing", {
      p_event_id: c.req.valid("param").id,
      p_status: status,
      p_actor: actorOf(c),
      p_error: error ?? null,
    }),
  );
  if (status !== "processed") return c.json(event, 200);
  // The Database Manager marks it, so that the aggregate's version moves in order.
  const { events: [now = event] } = await waitUntilProcessed(adminClient(), [event], LONGEST_WAIT);
  return c.json(now, 200);
});
