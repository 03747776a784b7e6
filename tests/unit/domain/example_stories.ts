import type { Aggregate } from "../../../shared/domain/aggregate.ts";
import { aggregates } from "../../../shared/domain/aggregates.ts";
import { findEventType } from "../../../shared/events/catalog.ts";
import type { Fact } from "./story.ts";

const item = findEventType("order.item_added")?.example;

const proposed: Fact = ["agent.decision_proposed", example("agent.decision_proposed"), {
  created_by: "agent:category",
}];

/** For each aggregate, a story that every one of its event types appears in. */
const sequences: Readonly<Record<string, readonly (string | Fact)[]>> = {
  product: [
    "product.created",
    "product.updated",
    "product.price_changed",
    "price.changed",
    "product.price_corrected",
    "product.stock_updated",
    "product.cost_changed",
    "product.ladder_placed",
    "product.discontinued",
    "product.reinstated",
  ],
  order: [
    "order.created",
    "order.item_added",
    "order.item_removed",
    ["order.item_added", item],
    ["order.item_removed", { line: 2 }],
    "order.placed",
    "order.payment_received",
    "order.status_changed",
    "order.fulfilled",
    "order.refunded",
  ],
  payment: ["payment.failed", "payment.received", "payment.refunded"],
  customer: [
    "customer.registered",
    "customer.profile_updated",
    "customer.deactivated",
    "customer.reactivated",
  ],
  dealer: [
    "dealer.application_submitted",
    "dealer.rejected",
    "dealer.application_submitted",
    "dealer.approved",
    "dealer.pricing_updated",
    "dealer.suspended",
    "dealer.reinstated",
    "dealer.pricing_withdrawn",
    "dealer.pricing_updated",
  ],
  agent_decision: [
    proposed,
    "agent.decision_endorsed",
    "agent.decision_edited",
    "agent.decision_held",
    "agent.decision_approved",
    "agent.decision_executed",
    "agent.decision_outcome_measured",
    "agent.decision_compensated",
  ],
};

/** Where a sequence branches: the other endings. */
const otherEndings: Readonly<Record<string, readonly (readonly (string | Fact)[])[]>> = {
  order: [["order.created", "order.cancelled"]],
  agent_decision: [
    [proposed, "agent.decision_rejected"],
    [proposed, "agent.decision_vetoed"],
    [proposed, "agent.decision_expired"],
    [proposed, "agent.decision_superseded"],
    [proposed, "agent.decision_withdrawn"],
    [proposed, "agent.decision_returned"],
    [proposed, "agent.decision_approved", "agent.decision_failed"],
  ],
};

/** Stories made of the catalog's examples; together they use every type of every aggregate. */
export const exampleStories: readonly { aggregate: Aggregate; facts: readonly Fact[] }[] =
  aggregates.flatMap((aggregate) =>
    [sequences[aggregate.type], ...otherEndings[aggregate.type] ?? []]
      .filter((sequence) => sequence !== undefined)
      .map((sequence) => ({ aggregate, facts: sequence.map(asFact) }))
  );

function asFact(step: string | Fact): Fact {
  return typeof step === "string" ? [step, example(step)] : step;
}

function example(type: string): unknown {
  const entry = findEventType(type);
  if (entry === undefined) throw new Error(`"${type}" is not in the catalog`);
  return entry.example;
}
