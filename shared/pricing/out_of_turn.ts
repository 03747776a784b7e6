import type { ProductAnalysis } from "./analysis.ts";

/** Places on ladders, by product. */
export type Ladders = ReadonlyMap<string, { readonly name: string; readonly rank: number }>;

type Line = Pick<ProductAnalysis, "product_id" | "price" | "new_price" | "floor">;

/**
 * Whether a price, set now and alone, would break its ladder as the others stand: cut below a lower
 * rank, or raised above a higher one. People answer each proposal for itself, so it is made when
 * the other price has changed. What is below its floor waits for nobody. Pure.
 */
export function isOutOfTurn(line: Line, lines: readonly Line[], ladders: Ladders): boolean {
  const own = ladders.get(line.product_id);
  if (!own || (line.floor !== null && line.price < line.floor)) return false;
  return lines.some(({ product_id, price }) => {
    const other = ladders.get(product_id);
    if (other?.name !== own.name) return false;
    return line.new_price < line.price
      ? other.rank < own.rank && price > line.new_price
      : other.rank > own.rank && price < line.new_price;
  });
}
