import { type Bench, countedLoad, settle, silence, wakeUp } from "../bench_stack.ts";
import { costTable, withCost } from "../processor_time.ts";
import { compare, type Section } from "../report.ts";
import { interleave } from "../rounds.ts";

export const title = "append-heard: appends that are told of";

const clientCounts = [1, 8, 32];
const subscriptions = 50;

/** Appends with broadcast, doorbell and subscriptions against appends that nobody is told of. */
export async function run(bench: Bench): Promise<Section> {
  await silence(bench);
  const arms = clientCounts.flatMap((clients) =>
    [true, false].map((heard) => ({
      name: `${heard ? "heard" : "unheard"} ${clients}`,
      measure: () => measure(bench, heard, clients),
    }))
  );
  const samples = await interleave(arms, bench.rounds, bench.log);
  await listen(bench, true);
  await settle(bench.sql);
  await bench.sql`truncate net.http_request_queue`;
  await wakeUp(bench);
  const rates = (name: string) => (samples[name] ?? []).map(({ perSecond }) => perSecond);
  return {
    title,
    note:
      `post_events of one, through postgres.js, ${bench.rounds} rounds of ${bench.seconds} s: with ` +
      `the broadcast, an open doorbell and ${subscriptions} subscriptions pushed to a webhook, ` +
      `against the trigger switched off and no subscription. Nobody projects or delivers meanwhile: ` +
      `what is measured is what an append pays, not who shares the processor with it.`,
    findings: clientCounts.map((clients) =>
      compare({
        work: `post_events, ${clients} client${clients > 1 ? "s" : ""}`,
        than: "unheard",
        ours: rates(`heard ${clients}`),
        against: rates(`unheard ${clients}`),
        unit: "/s",
        atLeast: 0.9,
      })
    ),
    remarks: costTable(samples),
  };
}

async function measure(bench: Bench, heard: boolean, clients: number) {
  await listen(bench, heard);
  const actor = { kind: "user", user_id: bench.staffId };
  const request = { work: "sql-post-events", url: bench.stack.dbUrl, actor, clients } as const;
  return await withCost(bench, () => countedLoad(bench, request));
}

/** Sets the doorbell, the broadcast and the subscriptions up, or takes all of them away. */
async function listen({ sql }: Bench, heard: boolean): Promise<void> {
  await sql`
    select public.delete_subscription(s ->> 'name', 'system')
    from jsonb_array_elements(public.list_subscriptions('system')) s`;
  if (!heard) {
    await sql`alter table public.events disable trigger events_ring_the_database_manager`;
    return;
  }
  await sql`alter table public.events enable trigger events_ring_the_database_manager`;
  await sql`
    select public.create_subscription(
      jsonb_build_object('name', 'bench-' || n, 'url', 'https://bench.example.com/'), 'system')
    from generate_series(1, ${subscriptions}::int) n`;
  await sql`update private.doorbell set closed_until = '-infinity'`;
}
