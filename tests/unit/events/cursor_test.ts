import { assert, assertEquals } from "@std/assert";
import { cursor, limit, nextCursor } from "../../../shared/events/cursor.ts";

const place = (n: number) => n;

Deno.test("nextCursor() is the place of the last row, and null when the page is not full", () => {
  assertEquals(nextCursor([5, 4], 2, place), 4);
  assertEquals(nextCursor([5], 2, place), null);
  assertEquals(nextCursor<number>([], 2, place), null);
});

Deno.test("cursor takes event numbers and nothing else", () => {
  assertEquals(cursor.parse("1042"), 1042);
  for (
    const bad of ["x", "", " 5", "-1", "1.5", "1e3", "01", "0x10", "NaN", "99999999999999999999"]
  ) {
    assert(!cursor.safeParse(bad).success, bad);
  }
});

Deno.test("limit is 1 to 1000, and 100 when not given", () => {
  assertEquals(limit.parse(undefined), 100);
  assertEquals(limit.parse("1000"), 1000);
  for (const bad of ["0", "1001", "-5", "ten", "2.5"]) assert(!limit.safeParse(bad).success, bad);
});
