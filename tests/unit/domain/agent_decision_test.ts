import { assertEquals } from "@std/assert";
import { agentDecision } from "../../../shared/domain/agent_decision.ts";
import {
  type DecisionStatus,
  decisionTransitions,
  nextStatus,
} from "../../../shared/domain/agent_decision_status.ts";
import { findEventType } from "../../../shared/events/catalog.ts";
import { assertRefused, type Fact, momentOf, refusal, stateAfter } from "./story.ts";

const PRODUCT = "123e4567-e89b-12d3-a456-426614174001";
const PROPOSAL = {
  agent: "category",
  decision_type: "price_change",
  targets: [{ aggregate_type: "product", aggregate_id: PRODUCT, version: 2 }],
  proposed_events: [{
    event_type: "product.price_changed",
    aggregate_type: "product",
    aggregate_id: PRODUCT,
    data: { old_price: 10, new_price: 9, reason: "competitor_match" },
    schema_version: 1,
  }],
  evidence: ["01932b7e-5d00-7000-8000-000000000007"],
  confidence: 0.123456789,
  rationale: "Two competitors are cheaper.",
  expires_at: "2025-10-28T10:00:00Z",
  magnitude: { amount: 1, percent: 10 },
  level: 1,
  policy_version: 1,
  approvals: 1,
};
const AGENT = { created_by: "agent:category" };
const STAFF = { created_by: "user:123e4567-e89b-12d3-a456-4266141740bb" };
const OTHER = { created_by: "user:123e4567-e89b-12d3-a456-4266141740cc" };
const PROPOSED: Fact = ["agent.decision_proposed", PROPOSAL, AGENT];
const YES = { version: 1, by: "person", approvals: 1, level: 1, policy_version: 1 };
const APPROVED: Fact = ["agent.decision_approved", { ...YES, note: "Checked" }, STAFF];
const ENDORSED: Fact = [
  "agent.decision_endorsed",
  { version: 1, approvals: 1, required: 2 },
  STAFF,
];
const REJECTED: Fact = [
  "agent.decision_rejected",
  { reason_code: "old_offer", note: "2024" },
  STAFF,
];
const byExample = (type: string): Fact => [type, findEventType(type)?.example, OTHER];

/** How to get to each status. */
const WAYS: Record<DecisionStatus, readonly Fact[]> = {
  proposed: [PROPOSED],
  shadowed: [["agent.decision_proposed", { ...PROPOSAL, level: 0 }, AGENT]],
  approved: [PROPOSED, APPROVED],
  rejected: [PROPOSED, REJECTED],
  vetoed: [PROPOSED, byExample("agent.decision_vetoed")],
  expired: [PROPOSED, byExample("agent.decision_expired")],
  superseded: [PROPOSED, byExample("agent.decision_superseded")],
  withdrawn: [PROPOSED, byExample("agent.decision_withdrawn")],
  returned: [PROPOSED, byExample("agent.decision_returned")],
  executed: [PROPOSED, APPROVED, byExample("agent.decision_executed")],
  failed: [PROPOSED, APPROVED, byExample("agent.decision_failed")],
  measured: [
    PROPOSED,
    APPROVED,
    byExample("agent.decision_executed"),
    byExample("agent.decision_outcome_measured"),
  ],
  compensated: [
    PROPOSED,
    APPROVED,
    byExample("agent.decision_executed"),
    byExample("agent.decision_compensated"),
  ],
};

Deno.test("a proposal waits, with who proposed it and all it said", () => {
  const state = stateAfter(agentDecision, PROPOSED);
  assertEquals([state.status, state.proposed_by], ["proposed", "agent:category"]);
  assertEquals(state.proposed_events, PROPOSAL.proposed_events);
  assertEquals([state.evidence, state.confidence], [PROPOSAL.evidence, 0.123456789]);
  assertEquals([state.decided_by, state.decided_at, state.veto_until], [null, null, null]);
});

Deno.test("from each status each event leads where the table says, or is refused", () => {
  for (const [status, way] of Object.entries(WAYS)) {
    assertEquals(stateAfter(agentDecision, ...way).status, status);
    for (const [type, leads] of Object.entries(decisionTransitions)) {
      const next = leads[status as DecisionStatus];
      if (next === undefined) {
        assertRefused("impossible_transition", agentDecision, ...way, byExample(type));
      } else {
        assertEquals(stateAfter(agentDecision, ...way, byExample(type)).status, next, type);
      }
    }
  }
});

Deno.test("a status that is an end has no next", () => {
  const open = new Set(Object.values(decisionTransitions).flatMap((leads) => Object.keys(leads)));
  assertEquals([...open].sort(), ["approved", "executed", "measured", "proposed", "shadowed"]);
  assertEquals(
    refusal(() => nextStatus("expired", "agent.decision_approved")),
    "impossible_transition",
  );
});

Deno.test("a decision is proposed once, and first", () => {
  assertRefused("already_created", agentDecision, PROPOSED, PROPOSED);
  assertRefused("not_yet_created", agentDecision, APPROVED);
});

Deno.test("approval and rejection remember who, when and why", () => {
  const approved = stateAfter(agentDecision, PROPOSED, APPROVED);
  assertEquals([approved.decided_by, approved.decided_at], [STAFF.created_by, momentOf(2)]);
  assertEquals([approved.decision_note, approved.approved_by], ["Checked", [STAFF.created_by]]);
  const rejected = stateAfter(agentDecision, PROPOSED, REJECTED);
  assertEquals([rejected.reason_code, rejected.decision_note], ["old_offer", "2024"]);
});

Deno.test("who proposed cannot approve, and nobody approves twice", () => {
  assertRefused("own_decision", agentDecision, PROPOSED, ["agent.decision_approved", YES, AGENT]);
  assertRefused("own_decision", agentDecision, PROPOSED, [ENDORSED[0], ENDORSED[1], AGENT]);
  assertRefused("impossible_transition", agentDecision, PROPOSED, ENDORSED, APPROVED);
  const both: Fact = ["agent.decision_approved", { ...YES, approvals: 2 }, OTHER];
  assertEquals(stateAfter(agentDecision, PROPOSED, ENDORSED, both).approved_by, [
    STAFF.created_by,
    OTHER.created_by,
  ]);
});

Deno.test("who took a decision back, and why, is kept; what was done in shadow only is not taken back", () => {
  const compensated = byExample("agent.decision_compensated");
  const state = stateAfter(agentDecision, ...WAYS.measured, compensated);
  assertEquals([state.status, state.compensated_by], ["compensated", OTHER.created_by]);
  assertEquals(state.compensation_reason, "The competitor's offer was a mistake");
  const judged = [...WAYS.shadowed, byExample("agent.decision_outcome_measured")];
  assertRefused("impossible_transition", agentDecision, ...judged, compensated);
});

Deno.test("what was drawn for review waits until a person measures it or takes it back", () => {
  const drawn: Fact = ["agent.decision_executed", { event_ids: [PRODUCT], review: true }, AGENT];
  const measuredBy = (created_by: string): Fact => [
    "agent.decision_outcome_measured",
    { outcome: "good" },
    { created_by },
  ];
  const after = (...facts: Fact[]) =>
    stateAfter(agentDecision, PROPOSED, APPROVED, ...facts).review;
  assertEquals(after(drawn), "waiting");
  assertEquals(after(drawn, measuredBy("system")), "waiting");
  assertEquals(after(drawn, measuredBy(OTHER.created_by)), "done");
  assertEquals(after(drawn, byExample("agent.decision_compensated")), "done");
  const measured = measuredBy(OTHER.created_by);
  assertEquals(after(byExample("agent.decision_executed"), measured), null);
});

Deno.test("an edit makes approvals void and ends a veto window", () => {
  const veto: Fact = [
    "agent.decision_proposed",
    { ...PROPOSAL, level: 2, veto_until: "2025-10-28T09:00:00Z" },
    AGENT,
  ];
  const edited = byExample("agent.decision_edited");
  const state = stateAfter(agentDecision, veto, ENDORSED, edited);
  assertEquals([state.approved_by, state.veto_until], [[], null]);
  assertEquals(state.edited_by, OTHER.created_by);
  assertEquals(stateAfter(agentDecision, veto, ENDORSED, edited, APPROVED).status, "approved");
});

Deno.test("an edit takes the compensation away, unless it brings its own", () => {
  const compensation = PROPOSAL.proposed_events;
  const proposed: Fact = ["agent.decision_proposed", { ...PROPOSAL, compensation }, AGENT];
  const edit = { proposed_events: compensation, magnitude: null };
  const edited = (data: unknown) =>
    stateAfter(agentDecision, proposed, ["agent.decision_edited", data, STAFF]).compensation;
  assertEquals([edited(edit), edited({ ...edit, compensation })], [null, compensation]);
});

Deno.test("an expired proposal can be rejected but not approved", () => {
  const expired: Fact = [
    "agent.decision_proposed",
    { ...PROPOSAL, expires_at: "2025-10-27T10:00:02Z" },
    AGENT,
  ];
  assertRefused("decision_expired", agentDecision, expired, APPROVED);
  assertEquals(stateAfter(agentDecision, expired, REJECTED).status, "rejected");
});

Deno.test("a proposal can be approved until the moment it expires", () => {
  const open: Fact = [
    "agent.decision_proposed",
    { ...PROPOSAL, expires_at: "2025-10-27T15:30:02.5+05:30" },
    AGENT,
  ];
  const state = stateAfter(agentDecision, open, APPROVED);
  assertEquals([state.status, state.expires_at], ["approved", "2025-10-27T10:00:02.5+00:00"]);
});
