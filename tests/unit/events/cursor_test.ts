import { assert, assertEquals } from "@std/assert";
import { cursor, limit, page } from "../../../shared/events/cursor.ts";

const place = (n: number) => n;

Deno.test("page() has a next cursor only when there is a row more than the limit", () => {
  assertEquals(page([5, 4, 3], 2, place), { rows: [5, 4], next: 4 });
  assertEquals(page([5, 4], 2, place), { rows: [5, 4], next: null });
  assertEquals(page<number>([], 2, place), { rows: [], next: null });
});

Deno.test("cursor takes event numbers and nothing else", () => {
  assertEquals(cursor.parse("1042"), 1042);
  for (const bad of ["x", "-1", "1.5", "NaN", "1e400", "99999999999999999999"]) {
    assert(!cursor.safeParse(bad).success, bad);
  }
});

Deno.test("limit is 1 to 1000, and 100 when not given", () => {
  assertEquals(limit.parse(undefined), 100);
  assertEquals(limit.parse("1000"), 1000);
  for (const bad of ["0", "1001", "-5", "ten", "2.5"]) assert(!limit.safeParse(bad).success, bad);
});
