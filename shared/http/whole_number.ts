import { z } from "@hono/zod-openapi";

/** A whole number in a path or a query: as JSON writes it, so that `1e3` and `01` are no page size. */
export function wholeNumber(minimum: number, maximum: number, error = "Expected a whole number") {
  return z.string().regex(/^(0|[1-9]\d{0,15})$/, error).transform(Number)
    .pipe(z.int(error).min(minimum).max(maximum))
    .openapi({ type: "integer", minimum, maximum });
}
