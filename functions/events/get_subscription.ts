import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { actorOf } from "../../shared/http/authenticate.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { Subscription, SubscriptionPath } from "./subscription_schema.ts";

export const getSubscription = endpoint({
  method: "get",
  path: "/subscriptions/{name}",
  who: ["staff", "agent", "service"],
  tags: ["Subscriptions"],
  summary: "Get a subscription: cursor, lag, failed deliveries",
  request: { params: SubscriptionPath },
  problems: ["subscription_not_found"],
  responses: { 200: json(Subscription, "The subscription") },
}, async (c) => {
  const subscription: Subscription = dataOf(
    await adminClient().rpc("get_subscription", {
      p_name: c.req.valid("param").name,
      p_actor: actorOf(c),
    }),
  );
  return c.json(subscription, 200);
});
