import type { Proposal } from "../agents/proposal.ts";
import { productEvents } from "../domain/product.ts";
import { MOST_EVIDENCE, type ProductAnalysis } from "./analysis.ts";
import { rationale } from "./trace.ts";

/** The name of the agent that proposes prices. */
export const AGENT = "category";
/** The type of its decisions: what a policy is set for. */
export const DECISION_TYPE = "price_change";

const MOST_TEXT = 10_000;

/** All but the stock, which moves all day long and is not what it touches. */
const DEPENDS_ON = Object.keys(productEvents).filter((type) => type !== "product.stock_updated");

/**
 * What a proposal is made from and would do, as one word: the price, the cost, the competitors'
 * median, the category's rules, the new price. Stock and sales count by what they make of the last.
 */
export function inputsKey(line: ProductAnalysis, rulesEventId: string | null): string {
  const { product_id, price, new_price, cost, competitor_median } = line;
  return ["pricing", product_id, price, new_price, cost, competitor_median, rulesEventId].join(":");
}

/**
 * The proposal for one product, under a key. `wording` stands before the trace. The rules are the
 * first of its evidence: once they are replaced, silence does not execute it.
 */
export function priceProposal(
  line: ProductAnalysis,
  rulesEventId: string | null,
  wording: string | null,
  idempotency_key: string,
): Proposal {
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
    targets: [{ ...target, version, depends_on: DEPENDS_ON }],
    proposed_events: [change(price, new_price, "Found by the pricing rules")],
    compensation: [change(new_price, price, "Takes a price of the pricing rules back")],
    evidence: [...rulesEventId === null ? [] : [rulesEventId], ...line.evidence].slice(
      0,
      MOST_EVIDENCE,
    ),
    confidence: line.confidence,
    rationale: (wording === null ? trace : `${wording}\n\n${trace}`).slice(0, MOST_TEXT),
    ...line.expected_effect && { expected_effect: line.expected_effect },
    idempotency_key,
  };
}
