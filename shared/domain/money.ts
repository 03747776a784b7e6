import { z } from "zod";
import { DomainError } from "./domain_error.ts";

/** Largest amount: what `numeric(14,2)` holds. In cents it is a safe integer. */
export const MAX_AMOUNT = 999_999_999_999.99;

/**
 * An amount in the shop's currency: a JSON number from 0 to `MAX_AMOUNT` with at most two
 * decimals. Values are compared as whole cents, so 19.99 passes and 19.999 does not.
 */
export const money = z.number().min(0).max(MAX_AMOUNT)
  .refine(hasWholeCents, "Expected at most 2 decimals")
  .meta({ multipleOf: 0.01, description: "Amount in the shop's currency, at most 2 decimals" });

/** An amount that is really paid: at least 0.01. */
export const positiveMoney = z.number().min(0.01).max(MAX_AMOUNT)
  .refine(hasWholeCents, "Expected at most 2 decimals")
  .meta({ multipleOf: 0.01, description: "Amount above 0 in the shop's currency, 2 decimals" });

/** True when the number is the nearest double of some number with at most two decimals. */
export function hasWholeCents(amount: number): boolean {
  const cents = Math.round(amount * 100);
  return Number.isSafeInteger(cents) && cents / 100 === amount;
}

/** The sum, exact to the cent. Throws `DomainError` `out_of_range` past `MAX_AMOUNT`. */
export function addMoney(...amounts: readonly number[]): number {
  return fromCents(amounts.reduce((cents, amount) => inRange(cents + toCents(amount)), 0));
}

/** `amount` less `less`; may be negative. Exact to the cent. */
export function subtractMoney(amount: number, less: number): number {
  return fromCents(inRange(toCents(amount) - toCents(less)));
}

/** `amount` times a whole `quantity`. Throws `DomainError` `out_of_range` past `MAX_AMOUNT`. */
export function multiplyMoney(amount: number, quantity: number): number {
  return fromCents(inRange(toCents(amount) * quantity));
}

const MAX_CENTS = toCents(MAX_AMOUNT);

function toCents(amount: number): number {
  return Math.round(amount * 100);
}

function fromCents(cents: number): number {
  return cents / 100;
}

/** Any product of cents past 2^53 is far past the limit too, so rounding cannot hide it. */
function inRange(cents: number): number {
  if (Math.abs(cents) <= MAX_CENTS) return cents;
  throw new DomainError("out_of_range", `Amount is over ${MAX_AMOUNT}`);
}
