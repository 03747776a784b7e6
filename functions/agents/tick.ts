import { z } from "@hono/zod-openapi";
import { reviewRecords } from "../../shared/agents/autonomy/review_records.ts";
import { callSql } from "../../shared/database/call_sql.ts";
import { adminClient } from "../../shared/database/client.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";

const count = z.int().min(0);

const Ticked = z.object({
  expired: count,
  executed: count,
  returned: count,
  held: count,
  failed: count,
  reviewed: count.openapi({ description: "Records with new cases" }),
  promotions: count.openapi({ description: "Proposed to people" }),
  withdrawals: count.openapi({ description: "Promotions that are earned no more" }),
  demotions: count,
}).openapi("AgentsTick");

type Due = Pick<z.output<typeof Ticked>, "expired" | "executed" | "returned" | "held" | "failed">;

export const tick = endpoint({
  method: "post",
  path: "/tick",
  who: ["automation", "staff", "service"],
  tags: ["Agents"],
  summary: "Do what is due: expiry, what nobody vetoed, records",
  description: "Called every 10 s by the database; any call may come at any time, twice at once.",
  responses: { 200: json(Ticked, "What was done") },
}, async (c) => {
  const due = await callSql<Due>(adminClient(), "agents_tick", {});
  return c.json({ ...due, ...await reviewRecords(adminClient()) }, 200);
});
