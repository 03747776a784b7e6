import { listDecisions } from "../agents/decisions.ts";
import { proposeDecision } from "../agents/propose.ts";
import type { DatabaseClient } from "../database/client.ts";
import { languageModel } from "../environment.ts";
import { ApplicationError } from "../errors.ts";
import type { Principal } from "../http/principal.ts";
import type { ProductAnalysis } from "./analysis.ts";
import type { Day } from "./inputs.ts";
import { AGENT, DECISION_TYPE, priceProposal } from "./price_proposal.ts";
import { analyseCategory, type CategoryAnalysis } from "./read_category.ts";
import { wordTrace } from "./wording.ts";

/** What became of a run. */
export interface CategoryRun {
  readonly analysis: CategoryAnalysis;
  readonly proposals: Made[];
  readonly refusals: { product_id: string; code: string; detail: string }[];
  /** Products whose proposal stood already. */
  readonly unchanged: string[];
}

/** A proposal that was stored. */
export interface Made {
  product_id: string;
  new_price: number;
  decision_id: string;
  status: string;
  superseded: string[];
}

const agent: Principal = { kind: "agent", name: AGENT, createdBy: `agent:${AGENT}` };

/**
 * Analyses a category and proposes each change as `agent:category`. What is refused is told and
 * stops no other product; what was proposed before, at the same version and price, is left alone.
 */
export async function runCategory(
  database: DatabaseClient,
  category: string,
  today: Day,
): Promise<CategoryRun> {
  const analysis = await analyseCategory(database, category, today);
  const run: CategoryRun = { analysis, proposals: [], refusals: [], unchanged: [] };
  const wanted = analysis.products.filter(({ price, new_price }) => price !== new_price);
  const known = wanted.length === 0 ? new Set<string>() : await openProposals(database);
  for (const line of wanted) {
    if (known.has(keyOf(line.product_id, line.version, line.new_price))) {
      run.unchanged.push(line.product_id);
    } else {
      await proposeOne(database, line, run);
    }
  }
  return run;
}

async function proposeOne(database: DatabaseClient, line: ProductAnalysis, run: CategoryRun) {
  const { product_id, new_price } = line;
  try {
    const proposal = priceProposal(line, await wordTrace(line.trace, languageModel()));
    const made = await proposeDecision(database, agent, proposal);
    if (made.replayed) run.unchanged.push(product_id);
    else {
      const { decision_id, status, superseded } = made;
      run.proposals.push({ product_id, new_price, decision_id, status, superseded });
    }
  } catch (error) {
    if (!(error instanceof ApplicationError) || error.status >= 500) throw error;
    // The same price for the same version, argued otherwise: it stands as it was first proposed.
    if (error.code === "idempotency_conflict") run.unchanged.push(product_id);
    else run.refusals.push({ product_id, code: error.code, detail: error.detail });
  }
}

/** What the agent has waiting, so that no model is asked to word it again. */
async function openProposals(database: DatabaseClient): Promise<Set<string>> {
  const { decisions } = await listDecisions(database, agent, {
    status: "proposed",
    decision_type: DECISION_TYPE,
    limit: 1000,
  });
  return new Set(decisions.flatMap(({ targets, proposed_events }) => {
    const [target] = targets;
    const price = proposed_events[0]?.data.new_price;
    return target ? [keyOf(target.aggregate_id, target.version, price)] : [];
  }));
}

function keyOf(product: string, version: number, price: unknown): string {
  return `${product} ${version} ${price}`;
}
