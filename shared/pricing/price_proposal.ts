import type { Proposal } from "../agents/proposal.ts";
import type { ProductAnalysis } from "./analysis.ts";
import { rationale } from "./trace.ts";

/** The name of the agent that proposes prices. */
export const AGENT = "category";
/** The type of its decisions: what a policy is set for. */
export const DECISION_TYPE = "price_change";

const MOST_TEXT = 10_000;

/**
 * The proposal for one product. Its key is made of what it would do to what it read: the same price
 * for the same version is proposed once, whatever was answered. `wording` stands before the trace.
 */
export function priceProposal(line: ProductAnalysis, wording: string | null): Proposal {
  const { product_id: aggregate_id, version, price, new_price } = line;
  const target = { aggregate_type: "product", aggregate_id };
  const change = (old_price: number, new_price: number, reason: string) => ({
    event_type: "product.price_changed",
    ...target,
    data: { old_price, new_price, reason },
  });
  const trace = rationale(line.trace);
  return {
    decision_type: DECISION_TYPE,
    targets: [{ ...target, version }],
    proposed_events: [change(price, new_price, "Found by the pricing rules")],
    compensation: [change(new_price, price, "Takes a price of the pricing rules back")],
    evidence: [...line.evidence],
    confidence: line.confidence,
    rationale: (wording === null ? trace : `${wording}\n\n${trace}`).slice(0, MOST_TEXT),
    ...line.expected_effect && { expected_effect: line.expected_effect },
    idempotency_key: `pricing:${aggregate_id}:${version}:${new_price}`,
  };
}
