import type { DatabaseClient } from "../database/client.ts";
import { dataOf } from "../database/sqlstate.ts";
import type { StoredEvent } from "../events/envelope.ts";
import { readFeed } from "../events/feed.ts";
import type { Day } from "./inputs.ts";
import { AGENT } from "./price_proposal.ts";
import { runCategory } from "./run_category.ts";

/** The agent's durable place in the feed. */
export const SUBSCRIPTION = "category-agent";

/** What it prices by. A sale alone is no news: the nightly run sees it. */
const NEWS = [
  "category.pricing_rules_set",
  "market.competitor_price_observed",
  "market.sales_recorded",
  "product.created",
  "product.updated",
  "product.cost_changed",
  "product.ladder_placed",
  "agent.decision_returned",
];

const ACTOR = `agent:${AGENT}`;
const PAGE = 100;

/**
 * Looks at every category that has rules and that something happened to since the last time, and
 * moves on in the feed once it is done: whoever crashes looks again. It stops before an event that
 * the state tables have not reached, for it would be looked at too early. Returns the categories.
 */
export async function followNews(database: DatabaseClient, today: Day): Promise<string[]> {
  const seen = new Set<string>();
  let { cursor } = await subscription(database);
  for (let more = true; more;) {
    const page = await readFeed(database, cursor, PAGE, { event_types: NEWS });
    const late = page.events.findIndex(isUnreached);
    const events = late < 0 ? page.events : page.events.slice(0, late);
    for (const category of await categoriesOf(database, events)) {
      await runCategory(database, category, today);
      seen.add(category);
    }
    cursor = late < 0 ? page.next : events.at(-1)?.event_number ?? cursor;
    more = late < 0 && !page.head;
    await acknowledge(database, cursor);
  }
  return [...seen];
}

async function acknowledge(database: DatabaseClient, p_event_number: number): Promise<void> {
  const place = { p_name: SUBSCRIPTION, p_event_number, p_actor: ACTOR };
  dataOf(await database.rpc("ack_subscription", place));
}

/** Neither processed nor failed: its row will still change. */
function isUnreached({ processed, processing_error }: StoredEvent): boolean {
  return !processed && processing_error === null;
}

/** Looks at every category that has rules. */
export async function runAll(database: DatabaseClient, today: Day): Promise<string[]> {
  const categories: string[] = dataOf(await database.rpc("priced_categories"));
  for (const category of categories) await runCategory(database, category, today);
  return categories;
}

/** The subscription, made at the first call: from the beginning of the log. */
async function subscription(database: DatabaseClient): Promise<{ cursor: number }> {
  const p_subscription = { name: SUBSCRIPTION, event_types: NEWS, cursor: 0 };
  const made = await database.rpc("create_subscription", { p_subscription, p_actor: ACTOR });
  // ES019: it was there already.
  if (made.error?.code !== "ES019") return dataOf(made);
  return dataOf(
    await database.rpc("get_subscription", { p_name: SUBSCRIPTION, p_actor: ACTOR }),
  );
}

/** The categories with rules that the events are about. */
async function categoriesOf(
  database: DatabaseClient,
  events: readonly StoredEvent[],
): Promise<string[]> {
  if (events.length === 0) return [];
  const ruled: string[] = dataOf(await database.rpc("priced_categories"));
  const stated = events.flatMap(({ data }) =>
    typeof data.category === "string" ? data.category : []
  );
  const ids = [...new Set(events.flatMap(productsOf))].slice(0, 2 * PAGE);
  const products: { category: string | null }[] = dataOf(
    await database.from("products").select("category").in("id", ids),
  );
  const named = new Set([...stated, ...products.map(({ category }) => category)]);
  return ruled.filter((category) => named.has(category));
}

/** The products an event is about; a returned decision names them as its targets. */
function productsOf({ aggregate_type, aggregate_id, data }: StoredEvent): string[] {
  if (aggregate_type === "market" || aggregate_type === "product") return [aggregate_id];
  const targets = Array.isArray(data.targets) ? data.targets : [];
  return targets.flatMap((target: unknown) => productOf(target));
}

function productOf(target: unknown): string[] {
  if (typeof target !== "object" || target === null) return [];
  const { aggregate_type, aggregate_id } = target as {
    aggregate_type?: unknown;
    aggregate_id?: unknown;
  };
  return aggregate_type === "product" && typeof aggregate_id === "string" ? [aggregate_id] : [];
}
