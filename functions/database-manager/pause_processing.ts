import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { aggregateTypeName } from "../../shared/events/envelope.ts";
import { actorOf } from "../../shared/http/authenticate.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { reason } from "./event_path.ts";

const aggregate_type = aggregateTypeName.optional().openapi({
  description: "Only this aggregate type; everything without it",
});
const Pause = z.strictObject({ aggregate_type, reason }).openapi("Pause");
const Resume = z.strictObject({ aggregate_type, reason: reason.optional() }).openapi("Resume");
const Paused = z.object({ paused: z.boolean() });

export const pauseProcessing = endpoint({
  method: "post",
  path: "/pause",
  who: ["staff", "service"],
  tags: ["Database Manager"],
  summary: "Pause processing; events are still accepted",
  request: { body: body(Pause) },
  problems: ["wrong_state", "aggregate_type_not_found"],
  responses: { 200: json(Paused, "Paused") },
}, async (c) => {
  const { aggregate_type, reason } = c.req.valid("json");
  dataOf(
    await adminClient().rpc("pause_processing", {
      p_aggregate_type: aggregate_type ?? null,
      p_actor: actorOf(c),
      p_reason: reason,
    }),
  );
  return c.json({ paused: true }, 200);
});

export const resumeProcessing = endpoint({
  method: "post",
  path: "/resume",
  who: ["staff", "service"],
  tags: ["Database Manager"],
  summary: "Resume processing",
  request: { body: body(Resume) },
  problems: ["wrong_state"],
  responses: { 200: json(Paused, "Going on") },
}, async (c) => {
  const { aggregate_type, reason } = c.req.valid("json");
  dataOf(
    await adminClient().rpc("resume_processing", {
      p_aggregate_type: aggregate_type ?? null,
      p_actor: actorOf(c),
      p_reason: reason ?? null,
    }),
  );
  return c.json({ paused: false }, 200);
});
