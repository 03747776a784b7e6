import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { runInBackground } from "../../shared/http/background.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { followNews, runAll } from "../../shared/pricing/follow_news.ts";
import { singleFlight } from "../../shared/single_flight.ts";
import { today } from "./today.ts";

const Wake = z.strictObject({
  whole: z.boolean().default(false).openapi({
    description: "Every category that has rules, not only those with news",
  }),
}).openapi("CategoryAgentWake");

const Awake = z.object({ accepted: z.literal(true) }).openapi("CategoryAgentAwake");

// Whoever rings while one is under way makes it look once more, and starts no second one.
const news = singleFlight(() => followNews(adminClient(), today()));
const all = singleFlight(() => runAll(adminClient(), today()));

/** A doorbell, as the Database Manager's: it answers at once and works behind the answer. */
export const wake = endpoint({
  method: "post",
  path: "/wake",
  who: ["automation", "service"],
  tags: ["Category agent"],
  summary: "Wake the agent (every minute when there is news, and nightly)",
  request: { body: body(Wake) },
  responses: { 202: json(Awake, "It follows its subscription now") },
}, (c) => {
  const { whole } = c.req.valid("json");
  runInBackground("category-agent", () => whole ? all() : news());
  return c.json({ accepted: true } as const, 202);
});
