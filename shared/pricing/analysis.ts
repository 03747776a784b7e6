import { amountOf, changeWritten } from "./amount.ts";
import { candidateOf, floorPrice } from "./candidate.ts";
import { type Evidence, type Verdict, weigh } from "./data_quality.ts";
import { type ExpectedEffect, expectedEffect } from "./expected_effect.ts";
import { ceilingOf, rounded } from "./fraction.ts";
import { byText, type Day, type ProductFacts } from "./inputs.ts";
import { climb } from "./ladder.ts";
import type { PricingRules } from "./rules.ts";
import { Trace, type TraceLine } from "./trace.ts";

/** What the rules say about one product. Amounts are in the shop's currency. */
export interface ProductAnalysis {
  readonly product_id: string;
  readonly sku: string;
  /** Of the product when it was read. */
  readonly version: number;
  readonly verdict: Verdict;
  readonly price: number;
  /** The same as `price` when nothing is to change. */
  readonly new_price: number;
  readonly cost: number | null;
  /** The lowest price the margin allows, rounded up. */
  readonly floor: number | null;
  readonly competitor_median: number | null;
  /** null when none is claimed. */
  readonly elasticity: number | null;
  /** From 0 to 1. */
  readonly confidence: number;
  readonly expected_effect: ExpectedEffect | null;
  readonly trace: readonly TraceLine[];
  /** Ids of the events it rests on, in order. */
  readonly evidence: readonly string[];
}

/** Most events named as evidence. */
export const MOST_EVIDENCE = 1000;

/**
 * The prices of a category on a day, by SKU. Pure and exact: the same facts give the same bytes,
 * in whatever order they come. What applied analyses leave behind, a second one leaves alone.
 *
 * Precedence, strongest first: data fit to use; floor; ladder; interval between changes; largest
 * step; stock cover; market and demand. Floor and ladder outrank the step, and the trace says so.
 */
export function analyse(
  products: readonly ProductFacts[],
  rules: PricingRules,
  today: Day,
): ProductAnalysis[] {
  const weighed = products.map((facts) => {
    const trace = new Trace();
    return { facts, trace, evidence: weigh(facts, rules, today, trace) };
  });
  const usable = weighed.filter(({ evidence }) => evidence.verdict !== "unusable");
  const rungs = usable.map(({ facts, trace, evidence }) => ({
    facts,
    trace,
    cents: candidateOf(facts, evidence, { rules, today }, trace),
  }));
  const prices = new Map(climb(rungs, rules).map(({ facts, cents }) => [facts.id, cents]));
  return weighed
    .map(({ facts, trace, evidence }) => {
      const cents = prices.get(facts.id) ?? facts.cents;
      return conclude({ facts, trace, evidence, cents }, rules, today);
    })
    .toSorted((a, b) => byText(a.sku, b.sku) || byText(a.product_id, b.product_id));
}

interface Concluded {
  facts: ProductFacts;
  trace: Trace;
  evidence: Evidence;
  cents: bigint;
}

function conclude(
  { facts, trace, evidence, cents }: Concluded,
  rules: PricingRules,
  today: Day,
): ProductAnalysis {
  const { index, elasticity, verdict } = evidence;
  const change = cents > facts.cents ? cents - facts.cents : facts.cents - cents;
  const overStep = change * 10_000n > rules.maximumStep * facts.cents;
  if (overStep) {
    const step = changeWritten(facts.cents, cents);
    trace.say("step", `${step} is more than one step: floor and ladder come first`);
  }
  return {
    product_id: facts.id,
    sku: facts.sku,
    version: facts.version,
    verdict,
    price: amountOf(facts.cents),
    new_price: amountOf(cents),
    cost: facts.costCents === null ? null : amountOf(facts.costCents),
    floor: verdict === "unusable" ? null : amountOf(ceilingOf(floorPrice(facts, rules))),
    competitor_median: index.median && amountOf(rounded(index.median)),
    elasticity: elasticity.claimed === null ? null : Number(elasticity.claimed) / 1000,
    confidence: confidenceOf(evidence, overStep) / 100,
    expected_effect: expectedEffect(facts, cents, evidence, today),
    trace: trace.lines,
    evidence: evidenceOf(facts, evidence),
  };
}

/** In percent: 40, 20 for a competitor index, 5 for each further competitor up to two, 20 for demand. */
function confidenceOf({ index, elasticity }: Evidence, overStep: boolean): number {
  const competitors = index.median ? 20 + 5 * Math.min(index.used.length - 2, 2) : 0;
  return 40 + competitors + (elasticity.claimed === null ? 0 : 20) - (overStep ? 20 : 0);
}

function evidenceOf(facts: ProductFacts, { index, sales }: Evidence): string[] {
  const used = [...index.used, ...index.outliers, ...sales].map(({ eventId }) => eventId);
  return [...new Set([...facts.eventIds, ...used])].toSorted(byText).slice(0, MOST_EVIDENCE);
}
