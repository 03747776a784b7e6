/** Clients over HTTP: kept-alive fetch, answers read and parsed as a client would. */
import { productEvents, shopEvents } from "../catalog_events.ts";
import type { Step } from "./closed_loop.ts";
import type { LoadRequest } from "./load_request.ts";

const batchSize = 100;

/** POST /events, one event a request. */
export function postEvent({ url, headers = {} }: LoadRequest): Step {
  const events = productEvents();
  return async () => {
    const event = await post(`${url}/functions/v1/events`, headers, events.next().value, 201);
    return count(event.event_number);
  };
}

/** POST /events/batch, 100 events a request. */
export function postBatch({ url, headers = {} }: LoadRequest): Step {
  return async () => {
    const events = shopEvents(batchSize);
    const stored = await post(`${url}/functions/v1/events/batch`, headers, { events }, 201);
    return stored.events.length;
  };
}

/** The same insert straight through PostgREST. */
export function rpc({ url, headers = {}, actor }: LoadRequest): Step {
  const events = productEvents();
  return async () => {
    const body = { p_events: [events.next().value], p_actor: actor };
    const stored = await post(`${url}/rest/v1/rpc/post_events`, headers, body, 200);
    return count(stored.events[0].event_number);
  };
}

/** The state of one product after the other as it was ten days ago. */
export function timeTravel({ url, headers = {}, aggregates = [] }: LoadRequest): Step {
  const asOf = new Date(Date.now() - 10 * 24 * 60 * 60 * 1000).toISOString();
  let turn = 0;
  return async () => {
    const id = aggregates[turn++ % aggregates.length] ?? "";
    const path = `/functions/v1/events/aggregate/product/${id}/state?as_of=${asOf}`;
    const response = await fetch(url + path, { headers });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${text}`);
    return JSON.parse(text).state ? 1 : 0;
  };
}

async function post(url: string, headers: Record<string, string>, body: unknown, status: number) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (response.status !== status) throw new Error(`${url} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

function count(eventNumber: unknown): number {
  return typeof eventNumber === "number" ? 1 : 0;
}
