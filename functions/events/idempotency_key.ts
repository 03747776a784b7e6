import { z } from "@hono/zod-openapi";
import { ApplicationError } from "../../shared/errors.ts";

/** Longest key the log keeps, in characters. */
export const LONGEST_KEY = 255;

/** Headers of requests that post events. */
export const PostingHeaders = z.object({
  "idempotency-key": z.string().trim().min(1).max(LONGEST_KEY).optional().openapi({
    description: "Posting the same again with the same key stores nothing and answers the same",
    example: "import-7-line-12",
  }),
  prefer: z.string().optional().openapi({
    description: "wait=N answers once the events are projected, or 202 after N seconds (1 to 30)",
    example: "wait=5",
  }),
});

/**
 * The key of an event that may have one in the header, in the body, or the same in both.
 *
 * @throws ApplicationError `invalid_parameter` (400) when the two differ
 */
export function agreedKey(header: string | undefined, body: string | null | undefined) {
  if (header === undefined || !body || header === body) return header ?? body;
  throw new ApplicationError("invalid_parameter", "Two idempotency keys for one event.", {
    errors: [{ pointer: "/header/idempotency-key", message: "Expected the key of the body" }],
  });
}
