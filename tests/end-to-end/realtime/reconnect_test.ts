/** Sockets, the delivery and the database may break: supabase-js joins again by itself, and hears again. */
import { assertEquals } from "@std/assert";
import { eventually } from "../../support/eventually.ts";
import { signIn } from "../../support/people.ts";
import { openSql, type Stack, withStack } from "../../support/stack.ts";
import { append } from "./append.ts";
import { about, listen, type Listener } from "./listener.ts";

/** Appends until a broadcast of the last append is heard. */
async function hearsAgain(stack: Stack, listener: Listener): Promise<void> {
  await eventually(async () => {
    await using sql = openSql(stack);
    const { event_number } = await append(sql);
    await listener.hears(about("processed", event_number), 2);
  }, 20);
}

Deno.test("a listener whose websocket was dropped joins again and hears what comes then", async () => {
  await withStack(async (stack) => {
    const { token } = await signIn("staff", stack);
    await using listener = await listen("events", { token }, stack);
    await hearsAgain(stack, listener);
    for (let drop = 1; drop <= 2; drop++) {
      stack.dropWebsockets();
      await eventually(() => listener.states.includes("CHANNEL_ERROR"));
      await eventually(() => listener.states.at(-1) === "SUBSCRIBED");
      await hearsAgain(stack, listener);
      listener.states.length = 0;
    }
  });
});

Deno.test("broadcasts go on after the delivery paused, and after a crash of the database", async () => {
  await withStack(async (stack) => {
    const { token } = await signIn("staff", stack);
    await using listener = await listen("events", { token }, stack);
    await stack.messages.pause();
    {
      await using sql = openSql(stack);
      await append(sql); // nobody will hear of it: what was missed does not come again
    }
    await stack.messages.resume();
    await hearsAgain(stack, listener);
    await stack.postgres.crash();
    await hearsAgain(stack, listener);
    assertEquals(listener.states, ["SUBSCRIBED"]); // the socket never broke
  });
});

Deno.test("messages older than three days are removed", async () => {
  await withStack(async (stack) => {
    await using sql = openSql(stack);
    const insert = (age: string) =>
      sql`insert into realtime.messages (topic, extension, inserted_at)
        values ('old', 'broadcast', now() - ${age}::interval)`;
    await insert("4 days");
    await insert("2 days");
    await stack.messages.pause();
    stack.messages.resume(); // it looks when it begins, and then every hour
    await eventually(async () => {
      const [row] = await sql`select count(*)::int as n from realtime.messages where topic = 'old'`;
      assertEquals(row?.n, 1);
    });
  });
});
