import { amountOf } from "./amount.ts";
import type { Evidence } from "./data_quality.ts";
import { fraction, rounded } from "./fraction.ts";
import type { Day, ProductFacts } from "./inputs.ts";
import { COVER_DAYS } from "./rules.ts";
import { recentUnits } from "./stock_cover.ts";

/** What a price is expected to bring, in the shop's currency over the days of the horizon. */
export interface ExpectedEffect {
  readonly metric: "gross_profit";
  readonly amount: number;
  readonly horizon_days: number;
}

const HORIZON_DAYS = 28;

/**
 * The change in gross profit. Units follow the price by the first two terms of (1 + x)^e with
 * x = Δp / p: q × (1 + e x + e (e − 1) x² / 2), never below 0. Nothing is expected where no
 * elasticity is claimed or nothing changes.
 */
export function expectedEffect(
  { cents: p, costCents }: ProductFacts,
  newCents: bigint,
  { elasticity, sales }: Evidence,
  today: Day,
): ExpectedEffect | null {
  const e = elasticity.claimed;
  if (e === null || costCents === null || newCents === p) return null;
  const change = newCents - p;
  const whole = 2_000_000n * p ** 2n;
  const share = whole + 2000n * e * change * p + e * (e - 1000n) * change ** 2n;
  const before = (p - costCents) * whole;
  const after = (newCents - costCents) * (share < 0n ? 0n : share);
  const gain = (after - before) * recentUnits(sales, today) * BigInt(HORIZON_DAYS);
  return {
    metric: "gross_profit",
    amount: amountOf(rounded(fraction(gain, whole * BigInt(COVER_DAYS)))),
    horizon_days: HORIZON_DAYS,
  };
}
