import type { Fraction } from "./fraction.ts";

const SCALE = 10n ** 24n;
const NANO = 10n ** 15n;

/**
 * The natural logarithm of a positive fraction in billionths, rounded. Whole numbers only, so that
 * every machine gives the same, and the same for `10 a / 10 b` as for `a / b`.
 */
export function logarithm({ n, d }: Fraction): bigint {
  if (n <= 0n || d <= 0n) throw new RangeError("Only a positive number has a logarithm");
  let [a, b] = [n, d];
  let twos = 0n;
  for (; 4n * a > 6n * b; twos++) b *= 2n;
  for (; 4n * a < 3n * b; twos--) a *= 2n;
  const sum = series(a, b) + twos * LN2;
  return sum < 0n ? -((-sum + NANO / 2n) / NANO) : (sum + NANO / 2n) / NANO;
}

/** ln(a / b) = 2 (y + y³/3 + y⁵/5 + …) with y = (a − b) / (a + b); a / b near 1. */
function series(a: bigint, b: bigint): bigint {
  const y = (a - b) * SCALE / (a + b);
  const square = y * y / SCALE;
  let power = y;
  let sum = 0n;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += power / k;
    power = power * square / SCALE;
  }
  return 2n * sum;
}

const LN2 = series(4n, 3n) + series(3n, 2n);
