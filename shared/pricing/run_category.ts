import { withdrawDecision } from "../agents/decisions.ts";
import { proposeDecision } from "../agents/propose.ts";
import type { DatabaseClient } from "../database/client.ts";
import { languageModel } from "../environment.ts";
import { ApplicationError } from "../errors.ts";
import type { ProductAnalysis } from "./analysis.ts";
import type { Day } from "./inputs.ts";
import { inputsKey, priceProposal } from "./price_proposal.ts";
import { agent, freeKey, openPrices } from "./proposed_before.ts";
import { analyseCategory, type CategoryAnalysis } from "./read_category.ts";
import { wordTrace } from "./wording.ts";

/** What became of a run. */
export interface CategoryRun {
  readonly analysis: CategoryAnalysis;
  readonly proposals: Made[];
  readonly refusals: { product_id: string; code: string; detail: string }[];
  /** Products whose proposal stood already. */
  readonly unchanged: string[];
  /** Proposals that followed from what is no more; nothing takes their place. */
  readonly withdrawn: string[];
}

/** A proposal that was stored. */
export interface Made {
  product_id: string;
  new_price: number;
  decision_id: string;
  status: string;
  superseded: string[];
}

/**
 * Analyses a category and proposes each change as `agent:category`. What is refused is told and
 * stops no other product. What waits, or was answered and rests on the same inputs, is left alone;
 * what expired unanswered is proposed anew; what waits for a price that should stay is withdrawn.
 */
export async function runCategory(
  database: DatabaseClient,
  category: string,
  today: Day,
): Promise<CategoryRun> {
  const analysis = await analyseCategory(database, category, today);
  const run: CategoryRun = { analysis, proposals: [], refusals: [], unchanged: [], withdrawn: [] };
  const open = await openPrices(database);
  for (const line of analysis.products) {
    const waiting = open.get(line.product_id);
    if (line.price === line.new_price) {
      if (waiting) await withdraw(database, waiting.decision_id, run);
      continue;
    }
    const stands = waiting?.price === line.new_price &&
      waiting.version >= (analysis.changedAt.get(line.product_id) ?? 0);
    const key = stands ? null : await freeKey(database, inputsKey(line, analysis.rules_event_id));
    if (key === null) run.unchanged.push(line.product_id);
    else await proposeOne(database, line, key, run);
  }
  return run;
}

async function withdraw(database: DatabaseClient, id: string, run: CategoryRun): Promise<void> {
  try {
    await withdrawDecision(database, agent, id, "The price should stay by what is known now.");
    run.withdrawn.push(id);
  } catch (error) {
    // Answered meanwhile.
    if (!(error instanceof ApplicationError) || error.code !== "decision_settled") throw error;
  }
}

async function proposeOne(
  database: DatabaseClient,
  line: ProductAnalysis,
  key: string,
  run: CategoryRun,
) {
  const { product_id, new_price } = line;
  try {
    const proposal = priceProposal(line, await wordTrace(line.trace, languageModel()), key);
    const made = await proposeDecision(database, agent, proposal);
    if (made.replayed) run.unchanged.push(product_id);
    else {
      const { decision_id, status, superseded } = made;
      run.proposals.push({ product_id, new_price, decision_id, status, superseded });
    }
  } catch (error) {
    if (!(error instanceof ApplicationError) || error.status >= 500) throw error;
    // Another run was faster, and argued otherwise.
    if (error.code === "idempotency_conflict") run.unchanged.push(product_id);
    else run.refusals.push({ product_id, code: error.code, detail: error.detail });
  }
}
