import { ceilingOf, type Fraction, rounded } from "./fraction.ts";

/** Cents of an amount as events carry it: a number with at most two decimals. */
export function centsOf(amount: number): bigint {
  return BigInt(Math.round(amount * 100));
}

/** The amount of whole cents, as events carry it. */
export function amountOf(cents: bigint): number {
  return Number(cents) / 100;
}

/** Hundredths of a percent, or of any number with at most two decimals. */
export function hundredths(value: number): bigint {
  return BigInt(Math.round(value * 100));
}

/** Cents as people read them: `5499.00`. */
export function written(cents: bigint): string {
  return decimal(cents, 2);
}

/** A fraction of cents as people read it, to the nearest cent. */
export function about(cents: Fraction): string {
  return written(rounded(cents));
}

/** The same, rounded up: nothing below it will do. */
export function atLeast(cents: Fraction): string {
  return written(ceilingOf(cents));
}

/** The change from one amount to another in percent: `-8.3`. */
export function changeWritten(from: bigint, to: bigint): string {
  const tenths = rounded({ n: (to - from) * 1000n, d: from });
  return `${tenths > 0n ? "+" : ""}${decimal(tenths, 1)} %`;
}

/** A whole number of `places` decimals with its point. */
export function decimal(value: bigint, places: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
