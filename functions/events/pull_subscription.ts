import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { limit } from "../../shared/events/cursor.ts";
import { StoredEvent } from "../../shared/events/envelope.ts";
import { readFeed } from "../../shared/events/feed.ts";
import { actorOf } from "../../shared/http/authenticate.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { Subscription, SubscriptionPath } from "./subscription_schema.ts";

const Pulled = z.object({
  events: z.array(StoredEvent),
  next: z.int().openapi({ description: "Acknowledge this once the events are dealt with" }),
  head: z.boolean(),
}).openapi("PulledEvents");

export const pullSubscription = endpoint({
  method: "get",
  path: "/subscriptions/{name}/events",
  who: ["staff", "agent", "service"],
  tags: ["Subscriptions"],
  summary: "The next events of a subscription, from its cursor on",
  request: { params: SubscriptionPath, query: z.strictObject({ limit }) },
  problems: ["subscription_not_found"],
  responses: { 200: json(Pulled, "Events after the cursor; the same again until acknowledged") },
}, async (c) => {
  const subscription: Subscription = dataOf(
    await adminClient().rpc("get_subscription", {
      p_name: c.req.valid("param").name,
      p_actor: actorOf(c),
    }),
  );
  const { cursor, event_types, aggregate_type, aggregate_id } = subscription;
  const page = await readFeed(adminClient(), cursor, c.req.valid("query").limit, {
    event_types: event_types ?? undefined,
    aggregate_type: aggregate_type ?? undefined,
    aggregate_id: aggregate_id ?? undefined,
  });
  return c.json({ ...page, events: [...page.events] }, 200);
});

const Ack = z.strictObject({ event_number: z.int().min(0) }).openapi("Acknowledgement");

export const ackSubscription = endpoint({
  method: "post",
  path: "/subscriptions/{name}/ack",
  who: ["staff", "agent", "service"],
  tags: ["Subscriptions"],
  summary: "Move the cursor of a pulled subscription forward",
  request: { params: SubscriptionPath, body: body(Ack) },
  problems: ["subscription_not_found", "wrong_state", "invalid_parameter"],
  responses: { 200: json(Subscription, "The subscription, at its new cursor") },
}, async (c) => {
  const subscription: Subscription = dataOf(
    await adminClient().rpc("ack_subscription", {
      p_name: c.req.valid("param").name,
      p_event_number: c.req.valid("json").event_number,
      p_actor: actorOf(c),
    }),
  );
  return c.json(subscription, 200);
});
