/** The stretch of the log that the stream holds: rows stay where they are while pages come and go. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { EventPages } from "../../../functions/portal/web/stream/event_pages.ts";
import type { StoredEvent } from "../../../shared/client/mod.ts";

Deno.test("a page that is let go keeps its rows, and is the same when it comes again", () => {
  const all = log(1000, 1);
  const whole = inPages(all);
  const far = whole.around(900, 950);
  assertEquals(far.length, 1000);
  assertEquals(far.at(0), undefined);
  assertEquals(far.at(900)?.event_number, 100);
  assertEquals([far.rowOf(100), far.rowOf(1000), far.numberAt(0)], [900, 0, 1000]);
  assertEquals(far.missing(850, 950), undefined);
  assertEquals(far.events().length, 200);
  let back = far;
  for (let page; (page = back.missing(0, 999));) {
    const { first, length } = page;
    const at = all.findIndex(({ event_number }) => event_number === first);
    back = back.loaded(page, all.slice(at, at + length + 20)); // more than it had
  }
  assertEquals(numbers(back), numbers(whole));
});

Deno.test("a page that is not one of these any more is not put anywhere", () => {
  const before = inPages(log(400, 1)).around(0, 10);
  const missing = before.missing(0, 399);
  if (!missing) throw new Error("nothing is missing");
  const other = inPages(log(300, 1));
  assertEquals(numbers(other.loaded(missing, log(200, 1))), numbers(other));
});

Deno.test("new events go on top, late ones to their place, known ones nowhere", () => {
  const pages = inPages(log(300, 1).filter(({ event_number }) => event_number !== 150));
  const more = pages.with([event(302), event(300), event(150), event(301)]);
  assertEquals(numbers(more), numbers(inPages(log(302, 1))));
  assertEquals(more.length, 302);
  const held = pages.around(0, 10).with([event(42), event(43)]);
  assertEquals(held.length, 299); // they belong to a page that is not loaded
});

Deno.test("with the newest rows only, what goes on from the last of them is next", () => {
  const pages = inPages(log(5000, 1)).newest(1000);
  assertEquals([pages.length, pages.pages.at(-1)?.last], [1000, 4001]);
  assertEquals(numbers(pages.followedBy(log(4010, 3990))), numbers(inPages(log(5000, 3990))));
});

Deno.test("an event that is taken out takes its row along", () => {
  const pages = inPages(log(300, 1));
  const odd = pages.map((one) => one.event_number % 2 === 1 ? one : null);
  assertEquals([odd.length, odd.at(0)?.event_number, odd.rowOf(1)], [150, 299, 149]);
});

Deno.test("whatever comes in whatever order, every event has one row, newest first", () => {
  fc.assert(fc.property(
    fc.array(fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 300 }), { maxLength: 8 }),
    (batches) => {
      const pages = batches.reduce((all, batch) => all.with(batch.map(event)), EventPages.none);
      const expected = [...new Set(batches.flat())].sort((a, b) => b - a);
      assertEquals(numbers(pages), expected);
      for (const [row, number] of expected.entries()) {
        assertEquals([pages.at(row)?.event_number, pages.rowOf(number)], [number, row]);
      }
    },
  ));
});

/** Events of these numbers, the newest first. */
function log(newest: number, oldest: number): StoredEvent[] {
  return Array.from({ length: newest - oldest + 1 }, (_, index) => event(newest - index));
}

/** As they come: 200 at a time. */
function inPages(events: readonly StoredEvent[]): EventPages {
  let pages = EventPages.none;
  for (let i = 0; i < events.length; i += 200) pages = pages.followedBy(events.slice(i, i + 200));
  return pages;
}

function numbers(pages: EventPages): number[] {
  return pages.events().map(({ event_number }) => event_number);
}

function event(event_number: number): StoredEvent {
  return {
    id: `00000000-0000-7000-8000-${String(event_number).padStart(12, "0")}`,
    event_number,
    event_type: "product.price_changed",
    aggregate_type: "product",
    aggregate_id: "5eed0000-0000-4000-8000-000000000001",
    aggregate_version: 1,
    data: {},
    metadata: {},
    created_by: "system",
    created_at: "2026-10-26T09:30:00.000Z",
    processed: true,
  } as StoredEvent; // the rest does not matter to where it is
}
