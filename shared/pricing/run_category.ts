import { withdrawDecision } from "../agents/decisions.ts";
import { proposeDecision } from "../agents/propose.ts";
import type { DatabaseClient } from "../database/client.ts";
import { languageModel } from "../environment.ts";
import { ApplicationError } from "../errors.ts";
import type { ProductAnalysis } from "./analysis.ts";
import type { Day } from "./inputs.ts";
import { inputsKey, priceProposal } from "./price_proposal.ts";
import { isOutOfTurn } from "./out_of_turn.ts";
import { agent, freeKey, type OpenPrice, openPrices } from "./proposed_before.ts";
import { analyseCategory, type CategoryAnalysis } from "./read_category.ts";
import { wordTrace } from "./wording.ts";

/** What became of a run. */
export interface CategoryRun {
  readonly analysis: CategoryAnalysis;
  readonly proposals: Made[];
  readonly refusals: { product_id: string; code: string; detail: string }[];
  /** Products whose proposal stood already. */
  readonly unchanged: string[];
  /** Products whose price would break their ladder until another one has changed. */
  readonly deferred: string[];
  /** Open proposals of prices that do not follow any more. */
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
 * what expired unanswered is proposed anew; what waits and follows no more is withdrawn.
 * What people proposed or edited is left to them.
 */
export async function runCategory(
  database: DatabaseClient,
  category: string,
  today: Day,
): Promise<CategoryRun> {
  const analysis = await analyseCategory(database, category, today);
  const run: CategoryRun = {
    analysis,
    proposals: [],
    refusals: [],
    unchanged: [],
    deferred: [],
    withdrawn: [],
  };
  const open = await openPrices(database);
  for (const line of analysis.products) {
    const waiting = open.get(line.product_id);
    // What people proposed or edited is theirs to settle.
    if (waiting?.by_people) run.unchanged.push(line.product_id);
    else if (!await stands(database, line, waiting, run) && waiting) {
      await withdraw(database, line.product_id, waiting.decision_id, run);
    }
  }
  return run;
}

/** Makes a product's proposal where one is due. True when what waits may go on waiting, or is replaced. */
async function stands(
  database: DatabaseClient,
  line: ProductAnalysis,
  waiting: OpenPrice | undefined,
  run: CategoryRun,
): Promise<boolean> {
  const { product_id, price, new_price } = line;
  const { products, ladders, changedAt, rules_event_id } = run.analysis;
  if (price === new_price) return false;
  if (isOutOfTurn(line, products, ladders)) {
    run.deferred.push(product_id);
    return false;
  }
  const same = waiting?.price === new_price;
  if (same && !waiting.outdated && waiting.version >= (changedAt.get(product_id) ?? 0)) {
    run.unchanged.push(product_id);
    return true;
  }
  const key = await freeKey(database, inputsKey(line, rules_event_id));
  if (key !== null) return await proposeOne(database, line, key, run);
  run.unchanged.push(product_id);
  return same;
}

async function withdraw(
  database: DatabaseClient,
  product_id: string,
  id: string,
  run: CategoryRun,
): Promise<void> {
  try {
    await withdrawDecision(
      database,
      agent,
      id,
      "This price does not follow from what is known now.",
    );
    run.withdrawn.push(id);
  } catch (error) {
    if (!(error instanceof ApplicationError) || error.status >= 500) throw error;
    // Answered meanwhile.
    if (error.code === "decision_settled") return;
    run.refusals.push({ product_id, code: error.code, detail: error.detail });
  }
}

/** False when it was refused. */
async function proposeOne(
  database: DatabaseClient,
  line: ProductAnalysis,
  key: string,
  run: CategoryRun,
): Promise<boolean> {
  const { product_id, new_price } = line;
  try {
    const wording = await wordTrace(line.trace, languageModel());
    const proposal = priceProposal(line, run.analysis.rules_event_id, wording, key);
    const made = await proposeDecision(database, agent, proposal);
    if (made.replayed) run.unchanged.push(product_id);
    else {
      const { decision_id, status, superseded } = made;
      run.proposals.push({ product_id, new_price, decision_id, status, superseded });
    }
    return true;
  } catch (error) {
    if (!(error instanceof ApplicationError) || error.status >= 500) throw error;
    // Another run was faster, and argued otherwise.
    if (error.code === "idempotency_conflict") {
      run.unchanged.push(product_id);
      return true;
    }
    run.refusals.push({ product_id, code: error.code, detail: error.detail });
    return false;
  }
}
