import { type RouteConfig, z } from "@hono/zod-openapi";
import { StoredEvent } from "../../shared/events/envelope.ts";
import { subscriptionName } from "./subscription_schema.ts";

const Delivery = z.object({ subscription: subscriptionName, event: StoredEvent })
  .openapi("Delivery");

const Headers = z.object({
  "webhook-id": z.uuid().openapi({
    description: "The event's id, the same at each attempt: it tells a repeat",
  }),
  "webhook-timestamp": z.string().openapi({ description: "Seconds since 1970, of this attempt" }),
  "webhook-signature": z.string().openapi({
    description:
      "v1, and in base64 the HMAC-SHA256, with the subscription's secret, of webhook-id, " +
      "webhook-timestamp and the body, joined by dots",
  }),
});

/** What a subscription's webhook is sent; only for the document, since others serve it. */
export const subscriptionWebhook = {
  method: "post",
  path: "delivery",
  tags: ["Subscriptions"],
  operationId: "delivery",
  summary: "What a subscription's webhook receives: one event",
  description: "Signed as Standard Webhooks says (standardwebhooks.com). An answer of 2xx within " +
    "5 seconds takes the event; anything else, a redirect too, is a failed attempt. It is repeated " +
    "after growing pauses up to max_attempts times, then the event is parked until a replay. The " +
    "later events of its aggregate wait, so that they come in order; an event may come twice.",
  request: {
    headers: Headers,
    body: { required: true, content: { "application/json": { schema: Delivery } } },
  },
  responses: { "2XX": { description: "Taken; the body of the answer is not read" } },
} satisfies RouteConfig & { method: "post" };
