import type { DatabaseClient } from "../database/client.ts";
import { dataOf } from "../database/sqlstate.ts";
import { analyse, type ProductAnalysis } from "./analysis.ts";
import { type CategoryInput, factsOf } from "./facts.ts";
import type { Day } from "./inputs.ts";
import type { Ladders } from "./out_of_turn.ts";
import { AGENT } from "./price_proposal.ts";
import { rulesOf, SALES_DAYS } from "./rules.ts";

/** A category's prices as the rules see them. */
export interface CategoryAnalysis {
  readonly category: string;
  /** The event that set its rules; null: nobody did, and the defaults were used. */
  readonly rules_event_id: string | null;
  readonly products: readonly ProductAnalysis[];
  /** Products beyond the first 500 by SKU, which were not looked at. */
  readonly left_out: number;
  /** The version of each product at which something but its stock last changed. */
  readonly changedAt: ReadonlyMap<string, number>;
  /** The place of each product that is on a ladder. */
  readonly ladders: Ladders;
}

/** Reads a category in one call and analyses it as of a day. `database` is the admin client. */
export async function analyseCategory(
  database: DatabaseClient,
  category: string,
  today: Day,
): Promise<CategoryAnalysis> {
  // pricing_inputs answers in exactly this shape; event data were checked when they were posted.
  const { rules, products, left_out }: CategoryInput = dataOf(
    await database.rpc("pricing_inputs", {
      p_category: category,
      p_since: new Date((today - SALES_DAYS) * 86_400_000).toISOString(),
      p_agent: `agent:${AGENT}`,
    }),
  );
  const facts = products.map((one) => factsOf(one, today));
  return {
    category,
    left_out,
    rules_event_id: rules?.id ?? null,
    changedAt: new Map(products.map(({ id, changed_at }) => [id, changed_at ?? 0])),
    ladders: new Map(facts.flatMap(({ id, ladder }) => ladder ? [[id, ladder]] : [])),
    products: analyse(facts, rulesOf(rules?.data), today),
  };
}
