import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { analyse } from "../../../shared/pricing/analysis.ts";
import { centsOf } from "../../../shared/pricing/amount.ts";
import { floorPrice } from "../../../shared/pricing/candidate.ts";
import { compare, fraction } from "../../../shared/pricing/fraction.ts";
import { isOutOfTurn } from "../../../shared/pricing/out_of_turn.ts";
import type { ProductFacts } from "../../../shared/pricing/inputs.ts";
import { type PricingRules, rulesOf } from "../../../shared/pricing/rules.ts";
import { type CategoryFile, type ProductLine, readCategory } from "./category_file.ts";

const TODAY = 20_000;
const RUNS = { numRuns: 300, seed: 20_261_124 };

const amount = fc.integer({ min: 1, max: 30_000 }).map((cents) => cents / 100);
const product: fc.Arbitrary<Omit<ProductLine, "sku">> = fc.record({
  price: amount,
  cost: fc.option(amount, { freq: 8 }),
  stock: fc.integer({ min: -5, max: 500 }),
  changed_on: fc.option(fc.integer({ min: TODAY - 20, max: TODAY }), { nil: undefined }),
  ladder: fc.option(
    fc.record({ name: fc.constantFrom("a", "b"), rank: fc.integer({ min: 1, max: 4 }) }),
    { nil: undefined, freq: 3 },
  ),
  competitors: fc.array(
    fc.tuple(
      fc.constantFrom("Ada", "Bea", "Cem", "Dov", "Eva"),
      amount,
      fc.integer({ min: TODAY - 20, max: TODAY + 1 }),
      fc.boolean(),
    ),
    { maxLength: 8 },
  ),
  sales: fc.array(
    fc.tuple(
      fc.integer({ min: TODAY - 200, max: TODAY }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 0, max: 90 }),
      amount,
    ),
    { maxLength: 8 },
  ),
});
const category: fc.Arbitrary<CategoryFile> = fc.record({
  today: fc.constant(TODAY),
  rules: fc.record({
    minimum_margin_percent: fc.integer({ min: 0, max: 9500 }).map((n) => n / 100),
    maximum_step_percent: fc.integer({ min: 1, max: 9000 }).map((n) => n / 100),
    market_index_percent: fc.integer({ min: 80, max: 120 }),
    ending_unit: fc.constantFrom(0.1, 1, 5, 10),
    ending: fc.constantFrom(0, 0.05, 0.99, 4.99),
  }, { requiredKeys: [] }),
  products: fc.array(product, { minLength: 1, maxLength: 7 })
    .map((lines) => lines.map((line, i) => ({ sku: `P-${i}`, ...line }))),
});

type Read = ReturnType<typeof readCategory>;

function always(holds: (read: Read, file: CategoryFile) => void): void {
  fc.assert(fc.property(category, (file) => holds(readCategory(file), file)), RUNS);
}

const run = ({ products, rules, today }: Read) => analyse(products, rules, today);

Deno.test("no proposed or kept price is ever below the floor", () => {
  always((read) => {
    for (const line of run(read).filter(({ verdict }) => verdict !== "unusable")) {
      const facts = found(read.products.find(({ id }) => id === line.product_id));
      const price = fraction(centsOf(line.new_price));
      assert(compare(price, floorPrice(facts, read.rules)) >= 0, JSON.stringify(line));
    }
  });
});

Deno.test("on a ladder a higher rank is never cheaper", () => {
  always((read) => {
    const rungs = run(read).filter(({ verdict }) => verdict !== "unusable").map((line) => ({
      price: line.new_price,
      ladder: read.products.find(({ id }) => id === line.product_id)?.ladder ?? null,
    }));
    for (const low of rungs) {
      for (const high of rungs) {
        if (!low.ladder || low.ladder.name !== high.ladder?.name) continue;
        if (low.ladder.rank < high.ladder.rank) assert(low.price <= high.price);
      }
    }
  });
});

Deno.test("once applied, a second run proposes nothing new", () => {
  always((read) => {
    const applied = run(read);
    const products = read.products.map((facts): ProductFacts => {
      const line = found(applied.find(({ product_id }) => product_id === facts.id));
      if (line.new_price === line.price) return facts;
      return { ...facts, cents: centsOf(line.new_price), version: 2, priceChangedOn: TODAY };
    });
    const again = run({ ...read, products });
    assertEquals(again.filter((line) => line.new_price !== line.price), []);
  });
});

Deno.test("a change keeps the step, unless floor or ladder spoke", () => {
  always((read) => {
    for (const line of run(read)) {
      const [from, to] = [centsOf(line.price), centsOf(line.new_price)];
      const change = to > from ? to - from : from - to;
      const forced = line.trace.some(({ rule }) => rule === "floor" || rule === "ladder");
      assert(forced || change * 10_000n <= read.rules.maximumStep * from, JSON.stringify(line));
    }
  });
});

Deno.test("a changed price has the right ending, and an unusable product keeps its own", () => {
  always((read) => {
    for (const line of run(read).filter((line) => line.new_price !== line.price)) {
      assert(line.verdict !== "unusable");
      assertEquals(centsOf(line.new_price) % read.rules.endingUnit, read.rules.ending);
    }
  });
});

Deno.test("the order in which facts come is irrelevant, to the byte", () => {
  always((read) => {
    const reversed = read.products.toReversed().map((facts) => ({
      ...facts,
      competitors: facts.competitors.toReversed(),
      sales: facts.sales.toReversed(),
      eventIds: facts.eventIds.toReversed(),
    }));
    assertEquals(JSON.stringify(run({ ...read, products: reversed })), JSON.stringify(run(read)));
  });
});

Deno.test("case, width and spaces of a competitor's name are irrelevant, to the byte", () => {
  const spellings: ((name: string) => string)[] = [
    (name) => name,
    (name) => name.toUpperCase(),
    (name) => ` ${name.toLowerCase()}\u00a0`,
    (name) => name.replace(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)),
    (name) => `${name.slice(0, 1)}\u200b${name.slice(1)}`,
  ];
  always((read) => {
    const products = read.products.map((facts) => ({
      ...facts,
      competitors: facts.competitors.map((seen, i) => ({
        ...seen,
        competitor: spellings[i % spellings.length]?.(seen.competitor) ?? seen.competitor,
      })),
    }));
    assertEquals(JSON.stringify(run({ ...read, products })), JSON.stringify(run(read)));
  });
});

Deno.test("the scale of units is irrelevant: ten times all money is ten times all prices", () => {
  always((read) => {
    const products = read.products.map(tenfold);
    const rules: PricingRules = {
      ...read.rules,
      endingUnit: 10n * read.rules.endingUnit,
      ending: 10n * read.rules.ending,
    };
    const scaled = run({ ...read, products, rules });
    assertEquals(
      scaled.map(({ new_price }) => centsOf(new_price)),
      run(read).map(({ new_price }) => 10n * centsOf(new_price)),
    );
    assertEquals(
      scaled.map(({ elasticity, confidence }) => [elasticity, confidence]),
      run(read).map(({ elasticity, confidence }) => [elasticity, confidence]),
    );
  });
});

Deno.test("the rules a category leaves out are the defaults", () => {
  assertEquals(rulesOf({}), rulesOf());
  assertEquals(rulesOf({ ending_unit: 0.5, ending: 0.99 }).ending, 49n);
});

function found<T>(one: T | undefined): T {
  if (one === undefined) throw new Error("Every product has one line");
  return one;
}

function tenfold(facts: ProductFacts): ProductFacts {
  return {
    ...facts,
    cents: 10n * facts.cents,
    costCents: facts.costCents && 10n * facts.costCents,
    competitors: facts.competitors.map((seen) => ({ ...seen, cents: 10n * seen.cents })),
    sales: facts.sales.map((sold) => ({ ...sold, cents: 10n * sold.cents })),
  };
}

Deno.test("whichever proposals people take, no ladder that stood is broken", () => {
  const taken = fc.array(fc.boolean(), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(category, taken, (file, choice) => {
      const { products } = readCategory(file);
      const ladders = new Map(products.flatMap(({ id, ladder }) => ladder ? [[id, ladder]] : []));
      const lines = run(readCategory(file));
      const made = lines.filter((line) =>
        line.new_price !== line.price && !isOutOfTurn(line, lines, ladders)
      );
      const after = new Map(lines.map((line) => {
        const at = made.indexOf(line);
        return [
          line.product_id,
          at >= 0 && choice[at % choice.length] ? line.new_price : line.price,
        ];
      }));
      for (const lower of lines) {
        for (const higher of lines) {
          const [low, high] = [ladders.get(lower.product_id), ladders.get(higher.product_id)];
          const stood = low && high && low.name === high.name && low.rank < high.rank &&
            lower.price <= higher.price;
          // What is below its floor rises at once.
          if (!stood || (lower.floor !== null && lower.price < lower.floor)) continue;
          const [a, b] = [after.get(lower.product_id) ?? 0, after.get(higher.product_id) ?? 0];
          assert(a <= b, `${lower.sku} at ${a}, ${higher.sku} at ${b}`);
        }
      }
    }),
    RUNS,
  );
});
