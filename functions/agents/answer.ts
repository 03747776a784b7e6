import { z } from "@hono/zod-openapi";
import { rejectDecision } from "../../shared/agents/answer.ts";
import { decisionStatus, outcome } from "../../shared/agents/decision.ts";
import { withdrawDecision } from "../../shared/agents/decisions.ts";
import { callSql } from "../../shared/database/call_sql.ts";
import { adminClient } from "../../shared/database/client.ts";
import { reasonCode } from "../../shared/domain/agent_decision_events.ts";
import { StoredEvent } from "../../shared/events/envelope.ts";
import { actorOf } from "../../shared/events/identity.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { asCaller } from "./as_caller.ts";
import { DecisionPath, note, Reasoned } from "./paths.ts";

const Rejection = z.strictObject({
  reason_code: reasonCode.openapi({ example: "too_risky" }),
  note,
}).openapi("Rejection");

const Rejected = z.object({ status: decisionStatus, answer: StoredEvent }).openapi("Rejected");

export const reject = endpoint({
  method: "post",
  path: "/decisions/{id}/reject",
  who: ["staff"],
  tags: ["Agents"],
  summary: "Reject a decision, or veto it within its veto window",
  request: { params: DecisionPath, body: body(Rejection) },
  problems: ["decision_not_found", "decision_settled", "decision_expired"],
  responses: { 200: json(Rejected, "The rejection") },
}, async (c) => {
  const { reason_code, note } = c.req.valid("json");
  return c.json(
    await rejectDecision(asCaller(c), c.req.valid("param").id, reason_code, note),
    200,
  );
});

export const withdraw = endpoint({
  method: "post",
  path: "/decisions/{id}/withdraw",
  who: ["staff", "agent", "service"],
  tags: ["Agents"],
  summary: "Take a decision back",
  description: "Whoever proposed it, or the backend.",
  request: { params: DecisionPath, body: body(Reasoned) },
  problems: ["decision_not_found", "decision_settled"],
  responses: { 200: json(StoredEvent, "The withdrawal") },
}, async (c) => {
  const { id } = c.req.valid("param");
  const { reason } = c.req.valid("json");
  return c.json(await withdrawDecision(adminClient(), c.var.principal, id, reason), 200);
});

const Measured = z.strictObject({
  outcome,
  measured_value: z.number().optional().openapi({ description: "Of the expected effect's metric" }),
  note,
}).openapi("MeasuredOutcome", { example: { outcome: "good", measured_value: 14 } });

export const measure = endpoint({
  method: "post",
  path: "/decisions/{id}/outcome",
  who: ["staff", "service"],
  tags: ["Agents"],
  summary: "Record what came of a decision",
  description: "A bad outcome ends the agent's autonomy in that type of decision at once. Staff " +
    "correct anybody's; the backend no person's (409 judged_by_person).",
  request: { params: DecisionPath, body: body(Measured) },
  problems: ["decision_not_found", "decision_settled", "own_decision", "judged_by_person"],
  responses: { 200: json(StoredEvent, "The measurement") },
}, async (c) => {
  const event = await callSql<StoredEvent>(adminClient(), "record_outcome", {
    p_decision_id: c.req.valid("param").id,
    p_outcome: c.req.valid("json"),
    p_actor: actorOf(c.var.principal),
  });
  return c.json(event, 200);
});
