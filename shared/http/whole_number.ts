import { z } from "@hono/zod-openapi";

/** A whole number in a path or a query: digits and nothing else, so that `1e3` is no page size. */
export function wholeNumber(minimum: number, maximum: number, error = "Expected a whole number") {
  return z.string().regex(/^\d{1,16}$/, error).transform(Number)
    .pipe(z.int(error).min(minimum).max(maximum))
    .openapi({ type: "integer", minimum, maximum });
}
