import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { actorOf } from "../../shared/http/authenticate.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { reason } from "./event_path.ts";

const RetryFailed = z.strictObject({
  error_code: z.string().min(1).max(100).optional().openapi({
    description: "Only events that failed with this code; all without it",
    example: "23505",
  }),
  reason: reason.optional(),
}).openapi("RetryFailed");

export const retryFailed = endpoint({
  method: "post",
  path: "/retry",
  who: ["staff", "service"],
  tags: ["Database Manager"],
  summary: "Try all failed events again, or those with one error code",
  request: { body: body(RetryFailed) },
  responses: { 200: json(z.object({ events: z.int() }), "How many are due now") },
}, async (c) => {
  const { error_code, reason } = c.req.valid("json");
  const events: number = dataOf(
    await adminClient().rpc("retry_failed_events", {
      p_error_code: error_code ?? null,
      p_actor: actorOf(c),
      p_reason: reason ?? null,
    }),
  );
  return c.json({ events }, 200);
});
