import { z } from "@hono/zod-openapi";
import { IdempotencyKey } from "../../shared/http/idempotency_key.ts";

/** Headers of requests that post events. */
export const PostingHeaders = z.object({
  "idempotency-key": IdempotencyKey,
  prefer: z.string().optional().openapi({
    description: "wait=N answers once the events are projected, or 202 after N seconds (1 to 30)",
    example: "wait=5",
  }),
});
