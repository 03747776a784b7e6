import { z } from "@hono/zod-openapi";
import { decisionStatus } from "../../shared/agents/decision.ts";
import { Proposal } from "../../shared/agents/proposal.ts";
import { proposalProblems, proposeDecision } from "../../shared/agents/propose.ts";
import { adminClient } from "../../shared/database/client.ts";
import { StoredEvent, uuid } from "../../shared/events/envelope.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { agreedKey, IdempotencyKey } from "../../shared/http/idempotency_key.ts";

const Proposed = z.object({
  event: StoredEvent,
  decision_id: uuid,
  status: decisionStatus.openapi({
    description: "proposed waits; shadowed at level 0; executed where the policy lets it",
  }),
  superseded: z.array(uuid).openapi({ description: "Open decisions whose place it took" }),
  replayed: z.boolean(),
}).openapi("Proposed");

export const propose = endpoint({
  method: "post",
  path: "/decisions",
  who: ["staff", "agent", "service"],
  tags: ["Agents"],
  summary: "Propose a decision",
  description:
    "The events are checked now and posted when people approve, or at once where the agent's " +
    "policy lets it. A newer proposal takes the place of an open one for the same target.",
  request: {
    headers: z.object({ "idempotency-key": IdempotencyKey }),
    body: body(Proposal, {
      price_change: {
        summary: "A price change",
        value: {
          agent: "category",
          decision_type: "price_change",
          targets: [{
            aggregate_type: "product",
            aggregate_id: "123e4567-e89b-12d3-a456-426614174000",
            version: 1,
          }],
          proposed_events: [{
            event_type: "product.price_changed",
            aggregate_type: "product",
            aggregate_id: "123e4567-e89b-12d3-a456-426614174000",
            data: { old_price: 5999, new_price: 5699, reason: "competitor_match" },
          }],
          confidence: 0.82,
          rationale: "Two competitors sell the same pump at 5,499; margin stays above 25 %.",
        },
      },
    }),
  },
  problems: proposalProblems,
  responses: {
    200: json(Proposed, "Proposed before with this idempotency key"),
    201: json(Proposed, "Stored"),
  },
}, async (c) => {
  const stated = c.req.valid("json");
  const idempotency_key = agreedKey(
    c.req.valid("header")["idempotency-key"],
    stated.idempotency_key,
  );
  const proposal = { ...stated, idempotency_key };
  const proposed = await proposeDecision(adminClient(), c.var.principal, proposal);
  c.header("Location", `/functions/v1/agents/decisions/${proposed.decision_id}`);
  if (proposed.replayed) c.header("Idempotency-Replayed", "true");
  return c.json(proposed, proposed.replayed ? 200 : 201);
});
