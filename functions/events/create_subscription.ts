import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { aggregateTypeName, uuid } from "../../shared/events/envelope.ts";
import { actorOf } from "../../shared/http/authenticate.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { environment } from "../../shared/environment.ts";
import { ApplicationError } from "../../shared/errors.ts";
import { refusedHost } from "../../shared/subscriptions/webhook_address.ts";
import { Subscription, subscriptionName, typePattern } from "./subscription_schema.ts";

const NewSubscription = z.strictObject({
  name: subscriptionName,
  url: z.url({ protocol: /^https?$/, error: "Expected an http(s) address" }).max(2000)
    .refine((url) => !/^https?:\/\/[^/?#]*@/i.test(url), "Expected no user or password in it")
    .optional()
    .openapi({ description: "The webhook to push to; without it the subscriber pulls" }),
  event_types: z.array(typePattern).min(1).max(100).optional(),
  aggregate_type: aggregateTypeName.optional(),
  aggregate_id: uuid.optional(),
  after: z.int().min(0).optional().openapi({
    description: "Begin after this event number; without it, with what comes next",
  }),
  max_attempts: z.int().min(1).max(20).default(8),
}).openapi("NewSubscription", {
  example: {
    name: "warehouse",
    url: "https://warehouse.example.com/hooks/events",
    event_types: ["order.placed", "order.cancelled"],
    max_attempts: 8,
  },
});

const Created = Subscription.extend({
  secret: z.string().nullable().openapi({
    description: "Signs the webhooks (Standard Webhooks). Shown this once",
  }),
}).openapi("CreatedSubscription");

export const createSubscription = endpoint({
  method: "post",
  path: "/subscriptions",
  who: ["staff", "agent", "service"],
  tags: ["Subscriptions"],
  summary: "Subscribe to events under a name",
  description: "Delivery is at least once, in order per aggregate; webhook-id tells a repeat.",
  request: { body: body(NewSubscription) },
  problems: ["subscription_exists", "invalid_parameter"],
  responses: { 201: json(Created, "The subscription, with its secret") },
}, async (c) => {
  const { after, ...subscription } = c.req.valid("json");
  const { url } = subscription;
  const refused = url === undefined ? null : refusedHost(url, environment().subscriptionHosts);
  if (refused) {
    throw new ApplicationError("invalid_parameter", `This webhook cannot be called: ${refused}.`);
  }
  const created: z.output<typeof Created> = dataOf(
    await adminClient().rpc("create_subscription", {
      p_subscription: { ...subscription, cursor: after },
      p_actor: actorOf(c),
    }),
  );
  c.header("Location", `/functions/v1/events/subscriptions/${created.name}`);
  return c.json(created, 201);
});
