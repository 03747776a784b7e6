import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { actorOf } from "../../shared/http/authenticate.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { Subscription, SubscriptionPath } from "./subscription_schema.ts";

const Replay = z.strictObject({
  after: z.int().min(0).optional().openapi({
    description: "Deliver again everything after this event number; without it, only retry " +
      "failed and parked deliveries. Nothing is ever skipped: what waits or is parked before it " +
      "stays so, and a number beyond the cursor changes nothing",
  }),
}).openapi("Replay");

export const replaySubscription = endpoint({
  method: "post",
  path: "/subscriptions/{name}/replay",
  who: ["staff", "agent", "service"],
  tags: ["Subscriptions"],
  summary: "Deliver again, from any point, or what failed",
  request: { params: SubscriptionPath, body: body(Replay) },
  problems: ["subscription_not_found", "invalid_parameter"],
  responses: { 200: json(Subscription, "The subscription, at work") },
}, async (c) => {
  const subscription: Subscription = dataOf(
    await adminClient().rpc("replay_subscription", {
      p_name: c.req.valid("param").name,
      p_after: c.req.valid("json").after ?? null,
      p_actor: actorOf(c),
    }),
  );
  return c.json(subscription, 200);
});
