import { assertEquals } from "@std/assert";
import { competitorIndex } from "../../../shared/pricing/competitor_index.ts";
import { competitorKey } from "../../../shared/pricing/competitor_name.ts";

const TODAY = 20_000;

function seen(competitor: string, cents: bigint, hour: number, version = 1) {
  const observedAt = new Date(TODAY * 86_400_000 + hour * 3_600_000).toISOString();
  const eventId = `${competitor}/${hour}`;
  return { eventId, competitor, cents, observedAt, day: TODAY, version, inStock: true };
}

Deno.test("one competitor under many spellings is one, and its latest price counts", () => {
  const one = [
    seen("Pump Bazaar", 100n, 1),
    seen(" pump  bazaar ", 90n, 3),
    seen("PUMP\tBAZAAR", 80n, 2),
    seen("Ｐｕｍｐ\u00a0Bazaar", 70n, 0),
  ];
  const alone = competitorIndex(one, TODAY);
  assertEquals([alone.median, alone.used.map(({ cents }) => cents), alone.leftOut], [
    null,
    [90n],
    0,
  ]);
  const { median, used } = competitorIndex([...one, seen("Ada", 110n, 1)], TODAY);
  assertEquals([used.length, Number(median?.n) / Number(median?.d)], [2, 100]);
});

Deno.test("of two prices at one instant the one that was posted later counts, higher or lower", () => {
  for (const [first, second] of [[90n, 95n], [95n, 90n]] as const) {
    const both = [seen("Ada", first, 1, 1), seen("Ada", second, 1, 2)];
    for (const order of [both, both.toReversed()]) {
      assertEquals(competitorIndex(order, TODAY).used.map(({ cents }) => cents), [second]);
    }
  }
});

Deno.test("names that differ in more than case, width and spaces are competitors of their own", () => {
  assertEquals(competitorKey("Straße 7"), competitorKey("STRASSE 7"));
  assertEquals(competitorKey("Same\u200b"), competitorKey("same "));
  const others = ["Pump Bazaar", "PumpBazaar", "Pump-Bazaar", "Pump Bazaar 2", "Pümp Bazaar"];
  assertEquals(new Set(others.map(competitorKey)).size, others.length);
});
