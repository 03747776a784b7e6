import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { actorOf } from "../../shared/http/authenticate.ts";
import { endpoint } from "../../shared/http/endpoint.ts";
import { SubscriptionPath } from "./subscription_schema.ts";

export const deleteSubscription = endpoint({
  method: "delete",
  path: "/subscriptions/{name}",
  who: ["staff", "agent", "service"],
  tags: ["Subscriptions"],
  summary: "End a subscription",
  request: { params: SubscriptionPath },
  problems: ["subscription_not_found"],
  responses: { 204: { description: "Nothing more is delivered" } },
}, async (c) => {
  dataOf(
    await adminClient().rpc("delete_subscription", {
      p_name: c.req.valid("param").name,
      p_actor: actorOf(c),
    }),
  );
  return c.body(null, 204);
});
