import { z } from "@hono/zod-openapi";
import { approveDecision, editDecision } from "../../shared/agents/answer.ts";
import { decisionStatus } from "../../shared/agents/decision.ts";
import { ProposedEvent } from "../../shared/agents/proposal.ts";
import { proposalProblems } from "../../shared/agents/propose.ts";
import { adminClient } from "../../shared/database/client.ts";
import { MOST_EVENTS } from "../../shared/domain/agent_decision_events.ts";
import { ApplicationError } from "../../shared/errors.ts";
import { StoredEvent } from "../../shared/events/envelope.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { asCaller } from "./as_caller.ts";
import { DecisionPath, note } from "./paths.ts";

const Approval = z.strictObject({
  version: z.int().min(1).openapi({ description: "The version of the decision that you saw" }),
  note,
  proposed_events: z.array(ProposedEvent).min(1).max(MOST_EVENTS).optional().openapi({
    description: "Approve these instead, for the same targets",
  }),
  compensation: z.array(ProposedEvent).min(1).max(MOST_EVENTS).optional().openapi({
    description: "With an edit: what would undo it. Without, the edited decision has none",
  }),
}).refine(
  ({ proposed_events, compensation }) =>
    compensation === undefined || proposed_events !== undefined,
  { message: "Expected proposed_events, too", path: ["compensation"] },
).meta({ dependentRequired: { compensation: ["proposed_events"] } }).openapi("Approval", {
  example: { version: 1, note: "Checked against our own price watch" },
});

const Approved = z.object({
  status: decisionStatus.openapi({
    description: "executed; failed when its events were refused; proposed while more must say yes",
  }),
  answer: StoredEvent,
  events: z.array(StoredEvent).openapi({ description: "The decision's events, as posted" }),
  approvals: z.int(),
  required: z.int(),
}).openapi("Approved");

export const approve = endpoint({
  method: "post",
  path: "/decisions/{id}/approve",
  who: ["staff"],
  tags: ["Agents"],
  summary: "Approve a decision",
  description: "Posts its events in the same transaction when yours is the last approval that is " +
    "needed. Never for who proposed it, never with a key. When a target has moved, the decision " +
    "goes back to its agent (409 target_moved).",
  request: { params: DecisionPath, body: body(Approval) },
  problems: [
    ...proposalProblems,
    "decision_not_found",
    "own_decision",
    "decision_settled",
    "approved_already",
    "version_conflict",
  ],
  responses: { 200: json(Approved, "The approval") },
}, async (c) => {
  const { id } = c.req.valid("param");
  const { version, note, proposed_events, compensation } = c.req.valid("json");
  const { principal } = c.var;
  if (principal.kind !== "user") throw new ApplicationError("forbidden", "People approve.");
  const edit = proposed_events && { proposed_events, compensation, note };
  const seen = edit ? await editDecision(adminClient(), principal, id, version, edit) : version;
  return c.json(await approveDecision(asCaller(c), id, seen, note), 200);
});
