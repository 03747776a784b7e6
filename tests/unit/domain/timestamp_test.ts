import { assertAlmostEquals, assertEquals } from "@std/assert";
import { date, instant } from "../../../shared/domain/fields.ts";
import { toInstant, toTimestamptz } from "../../../shared/domain/timestamp.ts";

Deno.test("an instant is written as Postgres writes it in UTC", () => {
  assertEquals(toTimestamptz("2025-10-27T18:30:00Z"), "2025-10-27T18:30:00+00:00");
  assertEquals(toTimestamptz("2025-10-27T18:30:00+05:30"), "2025-10-27T13:00:00+00:00");
  assertEquals(toTimestamptz("2024-12-31T23:30:00-01:00"), "2025-01-01T00:30:00+00:00");
});

Deno.test("fractions of a second keep their microseconds and lose closing zeros", () => {
  assertEquals(toTimestamptz("2025-10-27T18:30:00.123456Z"), "2025-10-27T18:30:00.123456+00:00");
  assertEquals(toTimestamptz("2025-10-27T18:30:00.120Z"), "2025-10-27T18:30:00.12+00:00");
  assertEquals(toTimestamptz("2025-10-27T18:30:00.000Z"), "2025-10-27T18:30:00+00:00");
});

Deno.test("an instant needs an offset, a real date and at most six decimals", () => {
  assertEquals(instant.safeParse("2025-10-27T18:30:00.123456+05:30").success, true);
  for (
    const wrong of [
      "2025-10-27T18:30:00",
      "2025-10-27",
      "2025-02-30T00:00:00Z",
      "2025-10-27T18:30:00.1234567Z",
      "0000-01-01T00:00:00Z",
      "tomorrow",
      "2025-10-27T18:30:00+16:00",
      "2025-10-27T18:30:00-23:59",
    ]
  ) assertEquals(instant.safeParse(wrong).success, false, wrong);
});

Deno.test("a date is a day that exists, in a year that Postgres has", () => {
  assertEquals(date.safeParse("2024-02-29").success, true);
  for (const wrong of ["2025-02-29", "0000-01-01", "2025-1-1", "27/10/2025", "infinity"]) {
    assertEquals(date.safeParse(wrong).success, false, wrong);
  }
});

Deno.test("toInstant keeps the microseconds and knows zones", () => {
  const noon = Date.UTC(2025, 9, 27, 12);
  for (
    const [instant, milliseconds] of [
      ["2025-10-27T12:00:00+00:00", 0],
      ["2025-10-27T17:30:00.5+05:30", 500],
      ["2025-10-27T12:00:00.000001Z", 0.001],
      ["2025-10-27T12:00:00.123456+00:00", 123.456],
    ] as const
  ) {
    assertAlmostEquals(toInstant(instant) - noon, milliseconds, 0.0005);
  }
});
