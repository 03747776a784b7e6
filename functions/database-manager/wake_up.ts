import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { wake, wakeRebuild } from "../../shared/database_manager/worker.ts";
import { deliverBeside } from "../../shared/subscriptions/worker.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { runInBackground } from "../../shared/http/background.ts";

const WebhookCall = z.object({
  source: z.string().max(20).optional().openapi({
    description:
      "insert, sweep, continue, manual, rebuild or deliver. Only recorded; nothing in a call is believed.",
  }),
}).openapi("WebhookCall");

const Accepted = z.object({ accepted: z.literal(true) }).openapi("Accepted");

/** The database webhook: a doorbell. It answers at once and drains the log behind the answer. */
export const wakeUp = endpoint(
  {
    method: "post",
    path: "/",
    who: ["automation"],
    tags: ["Database Manager"],
    summary: "Wake the Database Manager (database webhook)",
    request: { body: body(WebhookCall) },
    responses: { 202: json(Accepted, "It looks at the log now") },
  },
  (c) => {
    const { source } = c.req.valid("json");
    const drained = wake();
    runInBackground("database-manager", async () => {
      const done = await drained;
      if (source === "insert" && done.batches > 0) await noteWebhook();
      return done;
    });
    runInBackground("subscriptions", async () => ({ delivered: await deliverBeside(drained) }));
    if (source !== "insert") {
      runInBackground("rebuild", async () => {
        await wakeRebuild();
        return {};
      });
    }
    return c.json({ accepted: true } as const, 202);
  },
);

async function noteWebhook(): Promise<void> {
  await adminClient().rpc("note_call", { p_source: "insert" });
}
