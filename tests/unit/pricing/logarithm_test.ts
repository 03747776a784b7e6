import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { fraction, rounded } from "../../../shared/pricing/fraction.ts";
import { logarithm } from "../../../shared/pricing/logarithm.ts";

Deno.test("logarithms are those of the tables, to nine decimals", () => {
  assertEquals(logarithm(fraction(1n)), 0n);
  assertEquals(logarithm(fraction(2n)), 693_147_181n);
  assertEquals(logarithm(fraction(10n)), 2_302_585_093n);
  assertEquals(logarithm(fraction(1n, 2n)), -693_147_181n);
  assertEquals(logarithm(fraction(11n, 10n)), 95_310_180n);
});

Deno.test("logarithms agree with Math.log", () => {
  const whole = fc.bigInt({ min: 1n, max: 10n ** 14n });
  fc.assert(
    fc.property(whole, whole, (n, d) => {
      const difference = Number(logarithm(fraction(n, d))) - Math.log(Number(n) / Number(d)) * 1e9;
      assert(Math.abs(difference) <= 0.51, `${n} / ${d}: ${difference}`);
    }),
    { numRuns: 200, seed: 1 },
  );
});

Deno.test("halves are rounded away from nought", () => {
  assertEquals([1n, -1n, 3n, -3n].map((n) => rounded(fraction(n, 2n))), [1n, -1n, 2n, -2n]);
  assertEquals(rounded(fraction(-4n, 3n)), -1n);
});
