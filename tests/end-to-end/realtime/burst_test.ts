/** Under load the workers' batches tell of the events, and appends pay nothing. */
import { assert, assertEquals } from "@std/assert";
import { eventually } from "../../support/eventually.ts";
import { signIn } from "../../support/people.ts";
import { openSql, withStack } from "../../support/stack.ts";
import { append } from "./append.ts";
import { about, listen } from "./listener.ts";

const writers = 8;
const appends = 2_000;

Deno.test("2000 appends make far fewer broadcasts, and the head is heard of within a second", async () => {
  await withStack(async (stack) => {
    const { token } = await signIn("staff", stack);
    await using listener = await listen("events", { token }, stack);
    await using sql = openSql(stack, writers);
    const numbers: number[] = [];
    await Promise.all(Array.from({ length: writers }, async () => {
      for (let i = 0; i < appends / writers; i++) numbers.push((await append(sql)).event_number);
    }));
    const ended = performance.now();
    const head = Math.max(...numbers);

    const bell = await listener.hears(({ at }) => at >= ended, 5);
    assert(bell.at - ended < 1_000, `${bell.at - ended} ms`);
    await listener.hears(about("processed", head), 20);
    await eventually(async () => {
      const [row] = await sql`select count(*)::int as n from private.unprocessed_events`;
      assertEquals(row?.n, 0);
    }, 20);

    const rows = await sql`
      select event, count(*)::int as messages from realtime.messages group by 1 order by 1`;
    const messages = rows.reduce((sum, row) => sum + row.messages, 0);
    assert(messages < appends / 4, JSON.stringify(rows));
    const unheard = numbers.filter((number) =>
      !listener.heard.some(({ payload }) => payload.first <= number && number <= payload.last)
    );
    assertEquals(unheard, []);
  });
});
