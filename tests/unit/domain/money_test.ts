import { assertEquals } from "@std/assert";
import {
  addMoney,
  hasWholeCents,
  MAX_AMOUNT,
  money,
  multiplyMoney,
  positiveMoney,
  subtractMoney,
} from "../../../shared/domain/money.ts";
import { random } from "./random.ts";
import { refusal } from "./story.ts";

const ROUNDS = 2000;
const MAX_CENTS = 99_999_999_999_999n;

Deno.test("amounts that floating point gets wrong are added exactly", () => {
  assertEquals(addMoney(0.1, 0.2), 0.3);
  assertEquals(addMoney(), 0);
  assertEquals(subtractMoney(0.3, 0.1), 0.2);
  assertEquals(multiplyMoney(1.1, 3), 3.3);
  assertEquals(multiplyMoney(19.99, 100), 1999);
});

Deno.test("a difference may be negative", () => {
  assertEquals(subtractMoney(5, 7.5), -2.5);
});

Deno.test("the largest amount is accepted and nothing above it", () => {
  assertEquals(money.safeParse(MAX_AMOUNT).success, true);
  assertEquals(money.safeParse(1e12).success, false);
  assertEquals(addMoney(MAX_AMOUNT - 1, 1), MAX_AMOUNT);
  assertEquals(refusal(() => addMoney(MAX_AMOUNT, 0.01)), "out_of_range");
  assertEquals(refusal(() => multiplyMoney(MAX_AMOUNT, 2)), "out_of_range");
  assertEquals(refusal(() => multiplyMoney(MAX_AMOUNT, 1_000_000)), "out_of_range");
});

Deno.test("money is a JSON number from 0 with at most two decimals", () => {
  for (const amount of [0, 0.01, 0.07, 0.1, 1, 1.15, 19.99, 5999, 4.35, 123456789.01]) {
    assertEquals(money.safeParse(amount).success, true, String(amount));
  }
  for (const amount of [-0.01, -1, 0.001, 19.999, 5999.005, NaN, Infinity, "5999", "NaN", null]) {
    assertEquals(money.safeParse(amount).success, false, String(amount));
  }
});

Deno.test("a payment is at least a cent", () => {
  assertEquals(positiveMoney.safeParse(0.01).success, true);
  assertEquals(positiveMoney.safeParse(0).success, false);
});

Deno.test("every whole number of cents is money and comes through JSON unchanged", () => {
  const next = random(1);
  for (let round = 0; round < ROUNDS; round++) {
    const amount = amountOf(next.bigint(MAX_CENTS));
    assertEquals(hasWholeCents(amount), true, String(amount));
    assertEquals(JSON.parse(JSON.stringify(amount)), amount);
  }
});

Deno.test("an amount with a third decimal is never money", () => {
  const next = random(2);
  for (let round = 0; round < ROUNDS; round++) {
    const cents = next.bigint(MAX_CENTS);
    const amount = Number(`${text(cents)}${next.integer(1, 9)}`);
    assertEquals(hasWholeCents(amount), false, String(amount));
  }
});

Deno.test("sums, differences and products equal those of whole cents", () => {
  const next = random(3);
  for (let round = 0; round < ROUNDS; round++) {
    const a = next.bigint(MAX_CENTS / 2n);
    const b = next.bigint(MAX_CENTS / 2n);
    const quantity = next.integer(1, 1_000_000);
    const small = next.bigint(MAX_CENTS / 1_000_000n);
    assertEquals(addMoney(amountOf(a), amountOf(b)), amountOf(a + b));
    assertEquals(subtractMoney(addMoney(amountOf(a), amountOf(b)), amountOf(b)), amountOf(a));
    assertEquals(multiplyMoney(amountOf(small), quantity), amountOf(small * BigInt(quantity)));
  }
});

function amountOf(cents: bigint): number {
  return Number(text(cents));
}

function text(cents: bigint): string {
  return `${cents / 100n}.${String(cents % 100n).padStart(2, "0")}`;
}
