const DAY = 86_400_000;

/** A category of pumps with twelve weeks behind it: what they cost, sold for and cost elsewhere. */
export interface Shelf {
  readonly category: string;
  readonly events: readonly object[];
}

interface Pump {
  name: string;
  rank: number;
  price: number;
  cost: number;
  stock: number;
  elsewhere: Record<string, number>;
  /** Price, and units a week for three weeks at it. */
  sold: [number, number][];
}

const PUMPS: Pump[] = [
  {
    name: "Submersible pump 0.5 HP",
    rank: 1,
    price: 5999,
    cost: 3900,
    stock: 60,
    elsewhere: { "Pump Bazaar": 5499, "Jal Store": 5599, "Kisan Mart": 5399, "Typo Traders": 559 },
    sold: [[5499, 15], [5799, 13], [5999, 12], [5999, 11]],
  },
  {
    name: "Submersible pump 1 HP",
    rank: 2,
    price: 7499,
    cost: 6400,
    stock: 30,
    elsewhere: { "Pump Bazaar": 8199, "Jal Store": 8299 },
    sold: [[7299, 8], [7499, 7]],
  },
  {
    name: "Submersible pump 1.5 HP",
    rank: 3,
    price: 7999,
    cost: 6100,
    stock: 25,
    elsewhere: { "Jal Store": 8899 },
    sold: [],
  },
];

/** The events that tell of it, as of now. */
export function pumpShelf(category: string, now: number): Shelf {
  const rules = at("category", crypto.randomUUID())("category.pricing_rules_set", {
    category,
    minimum_margin_percent: 18,
    ending_unit: 100,
    ending: 99,
  });
  return { category, events: [rules, ...PUMPS.flatMap((pump) => eventsOf(pump, category, now))] };
}

function eventsOf(pump: Pump, category: string, now: number): object[] {
  const id = crypto.randomUUID();
  const [product, market] = [at("product", id), at("market", id)];
  return [
    product("product.created", {
      sku: `PUMP-${pump.rank}-${id.slice(0, 8)}`,
      name: pump.name,
      category,
      base_price: pump.price,
      stock_quantity: pump.stock,
    }),
    product("product.cost_changed", { new_cost: pump.cost, reason: "Supplier's list" }),
    product("product.ladder_placed", { ladder: `${category}-power`, rank: pump.rank }),
    ...Object.entries(pump.elsewhere).map(([competitor, price]) =>
      market("market.competitor_price_observed", {
        competitor,
        price,
        observed_at: new Date(now - DAY).toISOString(),
      })
    ),
    ...pump.sold.flatMap(([unit_price, quantity], i) =>
      [0, 1, 2].map((week) =>
        market("market.sales_recorded", {
          from: new Date(now - DAY * 7 * (3 * (pump.sold.length - i) - week)).toISOString()
            .slice(0, 10),
          days: 7,
          quantity,
          unit_price,
        })
      )
    ),
  ];
}

function at(aggregate_type: string, aggregate_id: string) {
  return (event_type: string, data: object) => ({ event_type, aggregate_type, aggregate_id, data });
}
