import { assertEquals } from "@std/assert";
import { agentDecision } from "../../../shared/domain/agent_decision.ts";
import { assertRefused, type Fact, momentOf, stateAfter } from "./story.ts";

const PROPOSAL = {
  agent: "category_agent",
  decision_type: "price_change",
  proposed_events: [{
    event_type: "product.price_changed",
    aggregate_type: "product",
    aggregate_id: "123e4567-e89b-12d3-a456-426614174001",
    data: { old_price: 10, new_price: 9, reason: "competitor_match" },
  }],
  evidence: ["01932b7e-5d00-7000-8000-000000000007"],
  confidence: 0.123456789,
  rationale: "Two competitors are cheaper.",
};
const AGENT = { created_by: "agent:category_agent" };
const STAFF = { created_by: "user:123e4567-e89b-12d3-a456-4266141740bb" };
const PROPOSED: Fact = ["agent.decision_proposed", PROPOSAL, AGENT];
const APPROVED: Fact = ["agent.decision_approved", { note: "Checked" }, STAFF];
const REJECTED: Fact = ["agent.decision_rejected", { reason: "Old offer" }, STAFF];
const expiring = (expires_at: string): Fact => [
  "agent.decision_proposed",
  { ...PROPOSAL, expires_at },
  AGENT,
];

Deno.test("a proposal waits, with who proposed it and all it said", () => {
  const state = stateAfter(agentDecision, PROPOSED);
  assertEquals([state.status, state.proposed_by], ["proposed", "agent:category_agent"]);
  assertEquals(state.proposed_events, PROPOSAL.proposed_events);
  assertEquals([state.evidence, state.confidence], [PROPOSAL.evidence, 0.123456789]);
  assertEquals([state.decided_by, state.decided_at, state.expires_at], [null, null, null]);
});

Deno.test("a decision is proposed once and answered only when proposed", () => {
  assertRefused("already_created", agentDecision, PROPOSED, PROPOSED);
  assertRefused("not_yet_created", agentDecision, APPROVED);
  assertRefused("not_yet_created", agentDecision, REJECTED);
});

Deno.test("approval and rejection remember who, when and why", () => {
  const approved = stateAfter(agentDecision, PROPOSED, APPROVED);
  assertEquals([approved.status, approved.decided_by, approved.decided_at], [
    "approved",
    STAFF.created_by,
    momentOf(2),
  ]);
  assertEquals(approved.decision_note, "Checked");
  const rejected = stateAfter(agentDecision, PROPOSED, REJECTED);
  assertEquals([rejected.status, rejected.decision_note], ["rejected", "Old offer"]);
});

Deno.test("a decision is answered once", () => {
  for (const first of [APPROVED, REJECTED]) {
    for (const second of [APPROVED, REJECTED]) {
      assertRefused("impossible_transition", agentDecision, PROPOSED, first, second);
    }
  }
});

Deno.test("who proposed cannot approve", () => {
  const bySelf: Fact = ["agent.decision_approved", {}, AGENT];
  assertRefused("own_decision", agentDecision, PROPOSED, bySelf);
});

Deno.test("an expired proposal can be rejected but not approved", () => {
  const expired = expiring("2025-10-27T10:00:02Z");
  assertRefused("decision_expired", agentDecision, expired, APPROVED);
  assertEquals(stateAfter(agentDecision, expired, REJECTED).status, "rejected");
});

Deno.test("a proposal can be approved until the moment it expires", () => {
  const open = expiring("2025-10-27T15:30:02.5+05:30");
  const state = stateAfter(agentDecision, open, APPROVED);
  assertEquals([state.status, state.expires_at], ["approved", "2025-10-27T10:00:02.5+00:00"]);
});
