import { written } from "./amount.ts";
import { fraction } from "./fraction.ts";
import { byText, type ProductFacts } from "./inputs.ts";
import { endingFrom } from "./price_ending.ts";
import type { PricingRules } from "./rules.ts";
import type { Trace } from "./trace.ts";

/** A product on its way to a price. */
export interface Rung {
  readonly facts: ProductFacts;
  readonly trace: Trace;
  readonly cents: bigint;
}

/**
 * Raises what is cheaper than a lower rank of its ladder to the first right price that is not. It
 * only ever raises, so no floor is broken. Products of one rank do not bind each other.
 */
export function climb(rungs: readonly Rung[], rules: PricingRules): Rung[] {
  const ladders = new Map<string, Rung[]>();
  const free: Rung[] = [];
  for (const rung of rungs) {
    const name = rung.facts.ladder?.name;
    if (name === undefined) free.push(rung);
    else ladders.set(name, [...ladders.get(name) ?? [], rung]);
  }
  return [...free, ...[...ladders.values()].flatMap((ladder) => climbOne(ladder, rules))];
}

function climbOne(ladder: readonly Rung[], rules: PricingRules): Rung[] {
  const rank = ({ facts }: Rung) => facts.ladder?.rank ?? 0;
  const ascending = ladder.toSorted((a, b) => rank(a) - rank(b) || byText(a.facts.id, b.facts.id));
  const climbed: Rung[] = [];
  for (const rung of ascending) {
    const below = climbed.filter((lower) => rank(lower) < rank(rung));
    const least = below.reduce((most, { cents }) => cents > most ? cents : most, 0n);
    if (rung.cents >= least) {
      climbed.push(rung);
      continue;
    }
    const cents = endingFrom(fraction(least), rules);
    rung.trace.say("ladder", `${written(cents)}: a lower rank is to cost ${written(least)}`);
    climbed.push({ ...rung, cents });
  }
  return climbed;
}
