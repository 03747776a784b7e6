import type { As, Platform } from "./platform.ts";
import { pumpShelf } from "./shelf.ts";

type Say = (line?: string) => void;

interface Analysed {
  product_id: string;
  sku: string;
  price: number;
  new_price: number;
  confidence: number;
  trace: { rule: string; text: string }[];
}

interface Made {
  product_id: string;
  decision_id: string;
  status: string;
}

interface TracedEvent {
  id: string;
  event_type: string;
  created_by: string;
  created_at: string;
}

/** Seeds a category, lets the agent propose, approves one proposal and shows what led to what. */
export async function tellStory(platform: Platform, say: Say): Promise<void> {
  const staff = await platform.signIn("staff@example.com");
  const approver = await platform.signIn("approver@example.com");
  const { category, events } = pumpShelf(`demo-pumps-${Date.now().toString(36)}`, Date.now());
  await platform.send("events/batch", platform.backend, { events });
  say(`Posted ${events.length} events: rules, costs, competitors and sales of "${category}".`);
  await platform.wait(
    () => analysis(platform, category),
    (lines) => lines.length === 3 && lines.every(({ price, trace }) => price > 0 && usable(trace)),
  );

  await platform.send("agents/category/policies/price_change", staff, {
    level: 1,
    reason: "The demo: the agent may propose, people decide",
  }, "PUT");
  say("staff@example.com lets agent:category propose price changes, and no more.");

  const run = await platform.send("category-agent/run", staff, { category });
  const proposals: Made[] = run.proposals;
  say(`\nThe agent looked at ${run.products.length} products and proposes:`);
  for (const line of run.products as Analysed[]) showLine(line, proposals, say);
  const [first] = proposals;
  if (!first) throw new Error(`The agent proposed nothing: ${JSON.stringify(run.refusals)}`);
  await approveOne(platform, approver, first, say);
}

async function approveOne(platform: Platform, approver: As, made: Made, say: Say): Promise<void> {
  const before = await priceOf(platform, made.product_id, approver);
  const { version } = await platform.get(`agents/decisions/${made.decision_id}`, approver);
  const path = `agents/decisions/${made.decision_id}/approve`;
  const { events } = await platform.send(path, approver, { version, note: "Demo" });
  say(`\napprover@example.com approved decision ${made.decision_id}.`);
  const after = await platform.wait(
    () => priceOf(platform, made.product_id, approver),
    (price) => price !== before,
  );
  say(`Price before ${before}, after ${after}.`);

  const trace = await platform.get(`events/${events[0].id}/trace`, approver);
  say("\nWhat led to it:");
  const causes: TracedEvent[] = [...trace.causes].reverse();
  for (const event of [...causes, trace.event]) showEvent(event, say);
}

/** The price in the state table, through PostgREST's rules for whoever is signed in. */
async function priceOf(platform: Platform, product: string, as: As): Promise<number> {
  const [row] = await platform.rows(`products?id=eq.${product}&select=base_price`, as);
  return row.base_price;
}

async function analysis(platform: Platform, category: string): Promise<Analysed[]> {
  return (await platform.get(`category-agent/analysis/${category}`, platform.backend)).products;
}

function usable(trace: Analysed["trace"]): boolean {
  return !trace[0]?.text.startsWith("unusable");
}

function showLine(line: Analysed, proposals: readonly Made[], say: Say): void {
  const made = proposals.find(({ product_id }) => product_id === line.product_id);
  const wish = line.price === line.new_price ? "stays" : `${line.price} -> ${line.new_price}`;
  const sure = `${Math.round(line.confidence * 100)} % sure`;
  say(`\n  ${line.sku}  ${wish}${made ? `  (${sure}, decision ${made.status})` : ""}`);
  for (const { rule, text } of line.trace) say(`    ${rule.padEnd(9)}${text}`);
}

function showEvent({ event_type, created_by, created_at, id }: TracedEvent, say: Say): void {
  say(`  ${created_at.slice(11, 19)}  ${event_type.padEnd(24)}${created_by.padEnd(43)}${id}`);
}
