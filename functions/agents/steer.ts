import { z } from "@hono/zod-openapi";
import { policyTerms } from "../../shared/domain/agent.ts";
import { reviewRecords } from "../../shared/agents/autonomy/review_records.ts";
import { callSql } from "../../shared/database/call_sql.ts";
import { adminClient } from "../../shared/database/client.ts";
import { StoredEvent } from "../../shared/events/envelope.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { asCaller } from "./as_caller.ts";
import { AgentPath, PolicyPath, Reasoned, words } from "./paths.ts";

const DAY = 86_400;
const { event_types, limits, approvals, time_to_live_seconds, veto_seconds, review_share } =
  policyTerms.shape;

const PolicyBody = policyTerms.extend({
  limits: limits.default({}),
  approvals: approvals.default(1),
  time_to_live_seconds: time_to_live_seconds.default(7 * DAY),
  veto_seconds: veto_seconds.default(DAY),
  review_share: review_share.default(0.1),
  reason: words(500).optional(),
  expected_version: z.int().min(0).optional().openapi({
    description: "Of the policy that you saw; 0: there was none",
  }),
}).openapi("PolicyTerms", {
  example: { level: 1, approvals: 1, time_to_live_seconds: 259_200, reason: "A first trial" },
});

const SignedTerms = z.strictObject({ event_types, limits: limits.optional() })
  .openapi("SignedTerms", { example: { event_types: ["product.price_changed"] } });

export const setPolicy = endpoint({
  method: "put",
  path: "/{name}/policies/{decision_type}",
  who: ["staff"],
  tags: ["Agents"],
  summary: "Set what an agent may do in one type of decision",
  description: "The whole policy, as an event; it starts a new record. Without one the agent may " +
    "do nothing. From level 2 on it names the `event_types` that its decisions may consist of, " +
    "what undoes them among these; at level 2 `veto_seconds` end before `time_to_live_seconds`; " +
    "levels 3 and 4 need `max_per_day`, and `max_amount` or `max_percent`. No key may set it.",
  request: { params: PolicyPath, body: body(PolicyBody) },
  problems: ["limits_required", "unknown_event_type", "version_conflict"],
  responses: { 200: json(StoredEvent, "The event agent.policy_set") },
}, async (c) => {
  const { name, decision_type } = c.req.valid("param");
  const { reason, expected_version, ...terms } = c.req.valid("json");
  const event = await callSql<StoredEvent>(asCaller(c), "set_agent_policy", {
    p_agent: name,
    p_decision_type: decision_type,
    p_terms: terms,
    p_reason: reason,
    p_expected_version: expected_version,
  });
  return c.json(event, 200);
});

export const signPromotion = endpoint({
  method: "post",
  path: "/{name}/policies/{decision_type}/promotion/sign",
  who: ["staff"],
  tags: ["Agents"],
  summary: "Sign the promotion that the record has earned",
  description: "The record is looked at once more first: what it no longer allows is withdrawn. " +
    "What the next level needs of the policy, `event_types` and `limits`, comes along.",
  request: { params: PolicyPath, body: body(SignedTerms) },
  problems: ["promotion_not_found", "limits_required", "unknown_event_type"],
  responses: { 200: json(StoredEvent, "The event agent.policy_set, one level higher") },
}, async (c) => {
  const { name, decision_type } = c.req.valid("param");
  await reviewRecords(adminClient());
  const event = await callSql<StoredEvent>(asCaller(c), "sign_promotion", {
    p_agent: name,
    p_decision_type: decision_type,
    p_terms: c.req.valid("json"),
  });
  return c.json(event, 200);
});

/** The kill switch of one agent, on or off. */
function switchOf(word: "stop" | "resume") {
  return endpoint({
    method: "post",
    path: `/{name}/${word}`,
    who: ["staff"],
    tags: ["Agents"],
    summary: word === "stop" ? "Stop an agent" : "Let a stopped agent go on",
    description: "Any name will do, also one that has no policy yet.",
    request: { params: AgentPath, body: body(Reasoned) },
    responses: { 200: json(StoredEvent, "The event") },
  }, async (c) => {
    const event = await callSql<StoredEvent>(asCaller(c), "set_agent_stopped", {
      p_agent: c.req.valid("param").name,
      p_stopped: word === "stop",
      p_reason: c.req.valid("json").reason,
    });
    return c.json(event, 200);
  });
}

/** The kill switch of all agents, on or off. */
function mainSwitch(word: "stop" | "resume") {
  return endpoint({
    method: "post",
    path: `/${word}`,
    who: ["staff"],
    tags: ["Agents"],
    summary: word === "stop" ? "Stop all agents" : "Let the agents go on",
    description: word === "stop"
      ? "When it answers, nothing of any agent is being executed any more."
      : "Those that were stopped by name stay stopped.",
    request: { body: body(Reasoned) },
    responses: { 200: json(StoredEvent, "The event") },
  }, async (c) => {
    const event = await callSql<StoredEvent>(asCaller(c), "set_agent_stopped", {
      p_agent: null,
      p_stopped: word === "stop",
      p_reason: c.req.valid("json").reason,
    });
    return c.json(event, 200);
  });
}

export const stopAgent = switchOf("stop");
export const resumeAgent = switchOf("resume");
export const stopAll = mainSwitch("stop");
export const resumeAll = mainSwitch("resume");
