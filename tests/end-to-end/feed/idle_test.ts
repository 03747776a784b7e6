/** What followers cost while nothing happens, counted by the database itself. */
import { assert } from "@std/assert";
import { eventually } from "../../support/eventually.ts";
import { openSql, withStack } from "../../support/stack.ts";
import { append } from "../realtime/append.ts";

Deno.test("fifty streams that wait cost one look at the head a second, together", async () => {
  await withStack(async (stack) => {
    await stack.cron.pause(); // the sweep of subscriptions reads the feed as well
    await using admin = openSql({ ...stack, dbUrl: stack.adminUrl });
    await admin`alter role authenticator set track_functions = 'pl'`;
    await stack.postgrest.crash(); // its sessions begin anew, and count
    const looks = async (): Promise<number> => {
      const [row] = await admin`
        select coalesce(sum(calls), 0)::int as calls from pg_stat_user_functions where funcname = 'read_feed'`;
      return row?.calls;
    };

    // A session that falls idle tells its counts after ten seconds, one that is used within one.
    const touchSessions = () =>
      Promise.all(Array.from({ length: 30 }, async () => {
        const response = await fetch(`${stack.url}/rest/v1/event_types?select=event_type&limit=1`, {
          headers: { apikey: stack.keys.secret },
        });
        await response.body?.cancel();
      }));

    const left = new AbortController();
    const { event_number } = await append(admin);
    const streams = Array.from({ length: 50 }, async () => {
      const response = await fetch(`${stack.url}/functions/v1/events/feed?after=${event_number}`, {
        headers: { apikey: stack.keys.secret, accept: "text/event-stream" },
        signal: left.signal,
      });
      await response.text();
    });
    try {
      await eventually(async () => { // each its own
        await touchSessions();
        return await looks() >= 50;
      }, 30);
      await eventually(async () => { // and soon the pauses are as long as they get
        const [started, before] = [performance.now(), await looks()];
        const after = await eventually(async () => {
          const now = await looks();
          return now >= before + 3 && now;
        });
        const seconds = (performance.now() - started) / 1000;
        // Counts are told now and then: one or two looks may be older than the clock.
        assert(after - before <= seconds + 2, `${after - before} looks in ${seconds} s`);
      }, 20);
    } finally {
      left.abort();
      await Promise.allSettled(streams);
    }
  });
});
