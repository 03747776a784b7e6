import type { DatabaseClient } from "../database/client.ts";
import { dataOf } from "../database/sqlstate.ts";
import type { StoredEvent } from "../events/envelope.ts";
import { readFeed } from "../events/feed.ts";
import type { Day } from "./inputs.ts";
import { AGENT } from "./price_proposal.ts";
import { runCategory } from "./run_category.ts";

/** The agent's durable place in the feed. */
export const SUBSCRIPTION = "category-agent";

/** What lets the agent do what it could not before, for every category. */
const LEAVE = ["agent.resumed", "agent.all_resumed", "agent.policy_set"];

/** What it prices by. A sale alone is no news: the nightly run sees it. */
const NEWS = [
  ...LEAVE,
  "category.pricing_rules_set",
  "market.competitor_price_observed",
  "market.sales_recorded",
  "product.created",
  "product.updated",
  "product.price_changed",
  "price.changed",
  "product.price_corrected",
  "product.cost_changed",
  "product.ladder_placed",
  "agent.decision_returned",
];

/** By category, why it could not be looked at. */
type Failed = Record<string, string>;

/** The categories that were looked at, and of which it failed. */
export interface Looked {
  categories: string[];
  failed: Failed;
}

const ACTOR = `agent:${AGENT}`;
const PAGE = 100;
/** Ids in one address. */
const MOST_IDS = 100;

/**
 * Looks at every category that has rules and that something happened to since the last time, and
 * moves on in the feed once it is done: whoever crashes looks again. It stops before an event that
 * the state tables have not reached, for it would be looked at too early.
 */
export async function followNews(database: DatabaseClient, today: Day): Promise<Looked> {
  const seen = new Set<string>();
  const failed: Failed = {};
  let { cursor } = await subscription(database);
  for (let more = true; more;) {
    const page = await readFeed(database, cursor, PAGE, { event_types: NEWS });
    const late = await firstUnreached(database, page.events);
    const events = late < 0 ? page.events : page.events.slice(0, late);
    const categories = await categoriesOf(database, events);
    Object.assign(failed, await runEach(database, categories, today));
    categories.forEach((category) => seen.add(category));
    cursor = late < 0 ? page.next : events.at(-1)?.event_number ?? cursor;
    more = late < 0 && !page.head;
    await acknowledge(database, cursor);
  }
  return { categories: [...seen], failed };
}

async function acknowledge(database: DatabaseClient, p_event_number: number): Promise<void> {
  const place = { p_name: SUBSCRIPTION, p_event_number, p_actor: ACTOR };
  dataOf(await database.rpc("ack_subscription", place));
}

/** The place of the first event whose row will still change by itself; -1: of none. */
async function firstUnreached(
  database: DatabaseClient,
  events: readonly StoredEvent[],
): Promise<number> {
  const waiting = events.filter(({ processed, processing_error }) =>
    !processed && processing_error === null
  ).map(({ event_number }) => event_number);
  if (waiting.length === 0) return -1;
  // Behind a failed event, or of a paused type: that may take days, and concerns one product.
  const blocked: number[] = dataOf(
    await database.rpc("blocked_events", { p_event_numbers: waiting }),
  );
  return events.findIndex(({ event_number }) =>
    waiting.includes(event_number) && !blocked.includes(event_number)
  );
}

/** Looks at every category that has rules. */
export async function runAll(database: DatabaseClient, today: Day): Promise<Looked> {
  const categories: string[] = dataOf(await database.rpc("priced_categories"));
  return { categories, failed: await runEach(database, categories, today) };
}

/**
 * Looks at each category, whatever becomes of the others, and once more at what failed. Gives those
 * that failed again: news of one must not keep the agent from all others, so the nightly run is
 * their next.
 */
async function runEach(
  database: DatabaseClient,
  categories: readonly string[],
  today: Day,
): Promise<Failed> {
  const once = await failing(database, categories, today);
  return await failing(database, Object.keys(once), today);
}

async function failing(
  database: DatabaseClient,
  categories: readonly string[],
  today: Day,
): Promise<Failed> {
  const failed: Failed = {};
  for (const category of categories) {
    await runCategory(database, category, today)
      .catch((error: unknown) => failed[category] = String(error));
  }
  return failed;
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
  if (events.some(isLeave)) return ruled;
  const stated = events.flatMap(({ data }) =>
    typeof data.category === "string" ? data.category : []
  );
  const ids = [...new Set(events.flatMap(productsOf))];
  const named = new Set<string | null>(stated);
  for (let i = 0; i < ids.length; i += MOST_IDS) {
    const products: { category: string | null }[] = dataOf(
      await database.from("products").select("category").in("id", ids.slice(i, i + MOST_IDS)),
    );
    products.forEach(({ category }) => named.add(category));
  }
  return ruled.filter((category) => named.has(category));
}

function isLeave({ event_type, data }: StoredEvent): boolean {
  return LEAVE.includes(event_type) && (data.agent === undefined || data.agent === AGENT);
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
