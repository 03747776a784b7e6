import { z } from "@hono/zod-openapi";
import { ApplicationError } from "../errors.ts";

/** Longest key the log keeps, in characters. */
export const LONGEST_KEY = 255;

/** The header of a request that stores something once, however often it is sent. */
export const IdempotencyKey = z.string().trim().min(1).max(LONGEST_KEY).optional().openapi({
  description: "Posting the same again with the same key stores nothing and answers the same",
  example: "import-7-line-12",
});

/**
 * The key of what may have one in the header, in the body, or the same in both.
 *
 * @throws ApplicationError `invalid_parameter` (400) when the two differ
 */
export function agreedKey(header: string | undefined, body: string | null | undefined) {
  if (header === undefined || !body || header === body) return header ?? body ?? undefined;
  throw new ApplicationError("invalid_parameter", "Two different idempotency keys.", {
    errors: [{ pointer: "/header/idempotency-key", message: "Expected the key of the body" }],
  });
}
