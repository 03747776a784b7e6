import { z } from "@hono/zod-openapi";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { checkFeatures, type Features } from "./checks.ts";

const condition = z.enum(["active", "degraded", "pending"]);
const Status = z.object({
  features: z.object({
    auth: condition,
    database: condition,
    events: condition,
    agents: condition,
  }),
}).openapi("Status");

/** How long an answer is given again, in milliseconds: nobody can hammer the database with this. */
const KEPT_FOR = 1_000;

let last: { features: Promise<Features>; askedAt: number } | undefined;

function features(): Promise<Features> {
  if (!last || Date.now() - last.askedAt >= KEPT_FOR) {
    last = { features: checkFeatures(), askedAt: Date.now() };
  }
  return last.features;
}

export const getStatus = endpoint({
  method: "get",
  path: "/",
  who: "anyone",
  tags: ["Status"],
  summary: "See which features are up",
  description: "Always 200: what is degraded is said in the body.",
  responses: { 200: json(Status, "The condition of each feature") },
}, async (c) => c.json({ features: await features() }, 200));
