import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { actorOf } from "../../shared/http/authenticate.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { Subscription } from "./subscription_schema.ts";

export const listSubscriptions = endpoint({
  method: "get",
  path: "/subscriptions",
  who: ["staff", "agent", "service"],
  tags: ["Subscriptions"],
  summary: "List the subscriptions; an agent sees its own",
  responses: {
    200: json(z.object({ subscriptions: z.array(Subscription) }), "All of them, by name"),
  },
}, async (c) => {
  const subscriptions: Subscription[] = dataOf(
    await adminClient().rpc("list_subscriptions", { p_actor: actorOf(c) }),
  );
  return c.json({ subscriptions }, 200);
});
