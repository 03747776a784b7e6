import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { actorOf } from "../../shared/http/authenticate.ts";
import { endpoint } from "../../shared/http/endpoint.ts";
import { HOLD_LASTS } from "../../shared/subscriptions/hold.ts";
import { SubscriptionPath } from "./subscription_schema.ts";

export const deleteSubscription = endpoint({
  method: "delete",
  path: "/subscriptions/{name}",
  who: ["staff", "agent", "service"],
  tags: ["Subscriptions"],
  summary: "End a subscription",
  request: { params: SubscriptionPath },
  problems: ["subscription_not_found"],
  responses: {
    204: { description: "No delivery begins any more; one that is in the air may still arrive" },
  },
}, async (c) => {
  const wasDelivering: boolean = dataOf(
    await adminClient().rpc("delete_subscription", {
      p_name: c.req.valid("param").name,
      p_actor: actorOf(c),
    }),
  );
  if (wasDelivering) await new Promise((resolve) => setTimeout(resolve, HOLD_LASTS));
  return c.body(null, 204);
});
