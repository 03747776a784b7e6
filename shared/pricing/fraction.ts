/** An exact number: numerator over a positive denominator. All arithmetic of prices is of these. */
export interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

/** `n / d`; `d` must be above 0. */
export function fraction(n: bigint, d = 1n): Fraction {
  return { n, d };
}

/** Below, at or above 0 as `a` is less than, equal to or greater than `b`. */
export function compare(a: Fraction, b: Fraction): number {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function larger(a: Fraction, b: Fraction): Fraction {
  return compare(a, b) < 0 ? b : a;
}

export function smaller(a: Fraction, b: Fraction): Fraction {
  return compare(a, b) > 0 ? b : a;
}

export function times(a: Fraction, n: bigint, d = 1n): Fraction {
  return { n: a.n * n, d: a.d * d };
}

/** Halfway between two. */
export function midpoint(a: Fraction, b: Fraction): Fraction {
  return { n: a.n * b.d + b.n * a.d, d: 2n * a.d * b.d };
}

/** The largest whole number not above it. */
export function floorOf({ n, d }: Fraction): bigint {
  return n >= 0n || n % d === 0n ? n / d : n / d - 1n;
}

/** The smallest whole number not below it. */
export function ceilingOf({ n, d }: Fraction): bigint {
  return -floorOf({ n: -n, d });
}

/** The nearest whole number; halves go away from 0. */
export function rounded({ n, d }: Fraction): bigint {
  return n < 0n ? -floorOf({ n: -2n * n + d, d: 2n * d }) : floorOf({ n: 2n * n + d, d: 2n * d });
}
