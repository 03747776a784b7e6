/** A stack of its own on which nothing happens but what the test does: no webhook, no sweep, no worker. */
import postgres, { type Sql } from "postgres";
import { openSql, type Stack, withStack } from "../support/stack.ts";

export async function withQuietStack(run: (stack: Stack) => Promise<void>): Promise<void> {
  await withStack(async (stack) => {
    await stack.cron.pause();
    await stack.pgNet.pause();
    await using sql = openSql(stack);
    await sql`update private.doorbell set closed_until = 'infinity'`;
    await run(stack);
  });
}

/** `count` connections of one session each, as service_role. */
export function openWriters(stack: Stack, count: number): Sql[] & AsyncDisposable {
  const writers = Array.from({ length: count }, () =>
    postgres(stack.dbUrl, {
      max: 1,
      onnotice: () => {},
      connection: { role: "service_role" },
    }));
  const close = () => Promise.all(writers.map((writer) => writer.end({ timeout: 1 })));
  return Object.assign(writers, {
    [Symbol.asyncDispose]: async () => void await close(),
  });
}
