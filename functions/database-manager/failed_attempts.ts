import { z } from "@hono/zod-openapi";
import { callSql } from "../../shared/database/call_sql.ts";
import { adminClient } from "../../shared/database/client.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { EventPath } from "./event_path.ts";

const FailedAttempts = z.object({
  attempts: z.array(z.object({
    attempt: z.int(),
    failed_at: z.string().openapi({ format: "date-time" }),
    error_code: z.string(),
    error: z.string(),
  })),
}).openapi("FailedAttempts");
type Attempts = z.output<typeof FailedAttempts>["attempts"];

export const failedAttempts = endpoint({
  method: "get",
  path: "/events/{id}/attempts",
  who: ["staff", "service"],
  tags: ["Database Manager"],
  summary: "When and why processing an event failed",
  description: "Oldest first. None for an event that never failed, and for one that is not there.",
  request: { params: EventPath },
  responses: { 200: json(FailedAttempts, "The attempts that failed") },
}, async (c) => {
  const { id } = c.req.valid("param");
  const attempts = await callSql<Attempts>(adminClient(), "failed_attempts", { p_event_id: id });
  return c.json({ attempts }, 200);
});
