import { z } from "@hono/zod-openapi";
import { compensateDecision } from "../../shared/agents/answer.ts";
import { decisionStatus } from "../../shared/agents/decision.ts";
import { adminClient } from "../../shared/database/client.ts";
import { StoredEvent } from "../../shared/events/envelope.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { asCaller } from "./as_caller.ts";
import { DecisionPath, Reasoned } from "./paths.ts";

const Compensated = z.object({
  status: decisionStatus,
  answer: StoredEvent,
  events: z.array(StoredEvent).openapi({ description: "Those that undo it, as posted" }),
}).openapi("Compensated");

export const compensate = endpoint({
  method: "post",
  path: "/decisions/{id}/compensate",
  who: ["staff"],
  tags: ["Agents"],
  summary: "Take an executed decision back",
  description:
    "Posts the compensation that its proposal (or edit) named, in your name, in one transaction, " +
    "once, and ends the agent's autonomy in that type of decision. Also while the agent is " +
    "stopped. Never with a key. Nothing is posted when a target has moved since the execution " +
    "(409 target_moved), or when it would not end where the decision began, or states an old " +
    "value that is not so (409 not_compensable).",
  request: { params: DecisionPath, body: body(Reasoned) },
  problems: [
    "decision_not_found",
    "decision_settled",
    "not_compensable",
    "target_moved",
    "unknown_event_type",
    "inactive_event_type",
    "aggregate_type_mismatch",
    "invalid_event_data",
    "stale_schema_version",
  ],
  responses: { 200: json(Compensated, "What was posted") },
}, async (c) => {
  const { id } = c.req.valid("param");
  const { reason } = c.req.valid("json");
  const { principal } = c.var;
  const done = await compensateDecision(asCaller(c), adminClient(), principal, id, reason);
  return c.json(done, 200);
});
