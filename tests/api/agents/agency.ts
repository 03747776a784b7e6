import { type Answer, callFunction } from "../../support/call_function.ts";
import { backend, person, productCreated, stored } from "../shop.ts";

type Credential = { token?: string; key?: string };

/** The event types that change the price of a product. */
export const PRICES = ["product.price_changed", "price.changed", "product.price_corrected"];

/** A type of decision that no other test uses. */
export function newType(): string {
  return `price_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
}

/** What an agent may do, as staff set it; by default it may propose, and from level 2 on prices. */
export async function setPolicy(
  decision_type: string,
  terms: Record<string, unknown> = {},
  agent = "category",
): Promise<void> {
  const answer = await callFunction(`agents/${agent}/policies/${decision_type}`, {
    method: "PUT",
    body: { level: 1, ...Number(terms.level) >= 2 && { event_types: PRICES }, ...terms },
    ...await person("staff"),
  });
  if (answer.status !== 200) throw new Error(`No policy: ${JSON.stringify(answer.body)}`);
}

/** A product at version 1 whose price is 100. */
export async function newProduct(): Promise<string> {
  const id = crypto.randomUUID();
  await stored(productCreated(id), backend());
  return id;
}

/** A proposal to sell a product at another price than 100; change any field. */
export function proposal(
  decision_type: string,
  product: string,
  change: Record<string, unknown> = {},
  new_price = 95,
) {
  return {
    agent: "category",
    decision_type,
    targets: [{ aggregate_type: "product", aggregate_id: product, version: 1 }],
    proposed_events: [priceTo(product, new_price)],
    confidence: 0.9,
    rationale: "Two competitors are cheaper.",
    ...change,
  };
}

/** An event that changes a price, of 100 unless stated. */
export function priceTo(product: string, new_price: number, old_price = 100) {
  return {
    event_type: "product.price_changed",
    aggregate_type: "product",
    aggregate_id: product,
    data: { old_price, new_price, reason: "competitor_match" },
  };
}

/** Posts a proposal, as the backend unless a credential is given. */
export function propose(body: unknown, credential: Credential = backend()): Promise<Answer> {
  return callFunction("agents/decisions", { body, ...credential });
}

/** The id of a decision that must be stored. */
export async function proposed(body: unknown, credential: Credential = backend()) {
  const answer = await propose(body, credential);
  if (answer.status !== 201) throw new Error(`Not proposed: ${JSON.stringify(answer.body)}`);
  return answer.body.decision_id as string; // by the answer's schema
}

/** A decision that waits for its first answer, under a policy of its own. */
export async function waiting(terms: Record<string, unknown> = {}) {
  const type = newType();
  await setPolicy(type, terms);
  const product = await newProduct();
  return { type, product, id: await proposed(proposal(type, product)) };
}

/** Answers a decision: `act` is approve, reject, withdraw or outcome. */
export function answer(
  id: string,
  act: string,
  body: unknown,
  credential: Credential,
): Promise<Answer> {
  return callFunction(`agents/decisions/${id}/${act}`, { body, ...credential });
}

/** Approves a decision as it stands at a version. */
export function approve(id: string, credential: Credential, version = 1): Promise<Answer> {
  return answer(id, "approve", { version }, credential);
}

/** A decision as it stands, for the backend. */
export async function decision(id: string) {
  return (await callFunction(`agents/decisions/${id}`, backend())).body;
}

/** Has done what is due, as the schedule does. */
export function tick(): Promise<Answer> {
  return callFunction("agents/tick", { method: "POST", ...backend() });
}

/** The record of an agent in one type of decision, as staff see it. */
export async function recordOf(type: string, agent = "category") {
  const { body } = await callFunction(`agents/${agent}/record`, await person("staff"));
  return body.decision_types.find((one: { decision_type: string }) => one.decision_type === type);
}

/** Status and problem code of an answer. */
export function told({ status, body }: Answer): [number, string | undefined] {
  return [status, body.code];
}
