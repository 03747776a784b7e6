import { z } from "zod";
import { autonomyLevel, eventType, reasonCode } from "./agent_decision_events.ts";
import { eventTypes, type Poster } from "./event_type.ts";
import { id, reason, slug } from "./fields.ts";

// People set these through the database's own functions; a post of one would be a claim.
const nobody: readonly Poster[] = [];

/** The aggregate type of an agent: its kill switch. It has no state table: the log is asked. */
export const AGENT = "agent";

/** The aggregate type of what one agent may do in one type of decision. No state table either. */
export const AGENT_POLICY = "agent_policy";

/** Beyond these an agent's decision waits for people, whatever its level. */
export const policyLimits = z.strictObject({
  max_amount: z.number().min(0).max(1e12).optional().describe("Largest change of an amount"),
  max_percent: z.number().min(0).max(1e6).optional().describe("Largest change in percent"),
  max_per_day: z.int().min(0).max(1_000_000).optional().describe("Decisions within 24 hours"),
});

const DAY = 86_400;

/** What one agent may do in one type of decision. Without one it may do nothing. */
export const policyTerms = z.strictObject({
  level: autonomyLevel.describe(
    "0 shadow, 1 propose, 2 veto window, 3 auto within limits, 4 auto with sampled review",
  ),
  event_types: z.array(eventType).min(1).max(50).optional()
    .describe("What its decisions may consist of, to do and to undo; needed from level 2 on"),
  limits: policyLimits,
  approvals: z.int().min(1).max(10).describe("How many people must say yes"),
  time_to_live_seconds: z.int().min(1).max(365 * DAY)
    .describe("A proposal not answered by then is refused"),
  veto_seconds: z.int().min(1).max(30 * DAY).describe("Level 2: time to object"),
  review_share: z.number().min(0).max(1).describe("Level 4: share drawn for review"),
});

/** What one agent may do in one type of decision. */
export type PolicyTerms = z.output<typeof policyTerms>;

const policy = z.strictObject({ agent: slug, decision_type: slug, ...policyTerms.shape });
const TERMS = {
  agent: "category",
  decision_type: "price_change",
  level: 2,
  event_types: ["product.price_changed"],
  limits: { max_amount: 500, max_percent: 5, max_per_day: 20 },
  approvals: 1,
  time_to_live_seconds: 7 * DAY,
  veto_seconds: DAY,
  review_share: 0.1,
};

const record = z.strictObject({
  agent: slug,
  decision_type: slug,
  policy_version: z.int().min(1),
  cases: z.int().min(0),
  successes: z.int().min(0),
  lower_bound: z.number().min(0).max(1).describe("Wilson, 95 %"),
  brier_score: z.number().min(0).max(1),
  calibration_error: z.number().min(0).max(1),
});
const RECORD = {
  agent: "category",
  decision_type: "price_change",
  policy_version: 1,
  cases: 120,
  successes: 118,
  lower_bound: 0.941251,
  brier_score: 0.021,
  calibration_error: 0.034,
};

/** The kill switches. Those of the aggregate of `*` hold for every agent. */
export const agentEvents = eventTypes({
  "agent.stopped": {
    description: "A person stopped an agent: it posts nothing and nothing of it is executed.",
    schema: z.strictObject({ agent: slug, reason }),
    example: { agent: "category", reason: "It reads yesterday's prices" },
    postedBy: nobody,
  },
  "agent.resumed": {
    description: "A person let a stopped agent go on.",
    schema: z.strictObject({ agent: slug, reason }),
    example: { agent: "category", reason: "The price feed is back" },
    postedBy: nobody,
  },
  "agent.all_stopped": {
    description: "A person stopped all agents.",
    schema: z.strictObject({ reason }),
    example: { reason: "Stock-taking" },
    postedBy: nobody,
  },
  "agent.all_resumed": {
    description: "A person let the agents go on; those stopped by name stay stopped.",
    schema: z.strictObject({ reason }),
    example: { reason: "Stock-taking is over" },
    postedBy: nobody,
  },
});

/** What an agent may do, and how it rose and fell. The latest policy holds, whole. */
export const agentPolicyEvents = eventTypes({
  "agent.policy_set": {
    description: "A person set what an agent may do in one type of decision.",
    schema: policy.extend({ reason: reason.optional() }),
    example: { ...TERMS, reason: "A month of good proposals" },
    postedBy: nobody,
  },
  "agent.promotion_proposed": {
    description: "The record allows a higher level; a person may sign it.",
    schema: record.extend({ from_level: autonomyLevel, to_level: autonomyLevel }),
    example: { ...RECORD, from_level: 1, to_level: 2 },
    postedBy: nobody,
  },
  "agent.promotion_withdrawn": {
    description: "The record does not allow the promotion any more; nobody had signed it.",
    schema: record,
    example: { ...RECORD, cases: 126, successes: 118, lower_bound: 0.881614 },
    postedBy: nobody,
  },
  "agent.demoted": {
    description: "The agent lost its autonomy: from now on people approve again.",
    schema: policy.extend({
      from_level: autonomyLevel,
      cause: reasonCode.describe("bad_outcome, limit_broken, compensated or drift"),
      decision_id: id.optional(),
    }),
    example: {
      ...TERMS,
      level: 1,
      from_level: 2,
      cause: "bad_outcome",
      decision_id: "123e4567-e89b-12d3-a456-426614174600",
    },
    postedBy: nobody,
  },
});
