import { type Bench, countedLoad, settle, silence, wakeUp } from "../bench_stack.ts";
import { costTable, withCost } from "../processor_time.ts";
import { compare, type Section } from "../report.ts";
import { interleave } from "../rounds.ts";

export const title = "append-heard: appends that are told of";

const clientCounts = [1, 8, 32];
const subscriptions = 50;
/** Busy: a worker drains, which shuts the doorbell. Ringing: nobody answers, so each append rings. */
const modes = ["busy", "ringing", "unheard"] as const;
type Mode = (typeof modes)[number];

/** Appends with broadcast, doorbell and subscriptions against appends that nobody is told of. */
export async function run(bench: Bench): Promise<Section> {
  await silence(bench);
  const arms = clientCounts.flatMap((clients) =>
    modes.map((mode) => ({
      name: `${mode} ${clients}`,
      measure: () => measure(bench, mode, clients),
    }))
  );
  const samples = await interleave(arms, bench.rounds, bench.log);
  await listen(bench, "ringing");
  await settle(bench.sql);
  await bench.sql`truncate net.http_request_queue`;
  await wakeUp(bench);
  const rates = (name: string) => (samples[name] ?? []).map(({ perSecond }) => perSecond);
  return {
    title,
    note:
      `post_events of one, through postgres.js, ${bench.rounds} rounds of ${bench.seconds} s, with ` +
      `broadcast, doorbell and ${subscriptions} subscriptions pushed to a webhook, against the ` +
      `trigger switched off and no subscription. Busy is what an append meets under load: the ` +
      `doorbell is shut while a worker drains, whose batches broadcast. Ringing is the worst case: ` +
      `nobody answers, and each append calls and broadcasts. Nobody projects or delivers meanwhile.`,
    findings: clientCounts.flatMap((clients) =>
      (["busy", "ringing"] as const).map((mode) =>
        compare({
          work: `post_events, ${mode}, ${clients} client${clients > 1 ? "s" : ""}`,
          than: "unheard",
          ours: rates(`${mode} ${clients}`),
          against: rates(`unheard ${clients}`),
          unit: "/s",
          ...(mode === "busy" ? { atLeast: 0.9 } : {}),
        })
      )
    ),
    remarks: costTable(samples),
  };
}

async function measure(bench: Bench, mode: Mode, clients: number) {
  await listen(bench, mode);
  const actor = { kind: "user", user_id: bench.staffId };
  const request = { work: "sql-post-events", url: bench.stack.dbUrl, actor, clients } as const;
  return await withCost(bench, () => countedLoad(bench, request));
}

/** Sets the doorbell, the broadcast and the subscriptions up, or takes all of them away. */
async function listen({ sql }: Bench, mode: Mode): Promise<void> {
  await sql`
    select public.delete_subscription(s ->> 'name', 'system')
    from jsonb_array_elements(public.list_subscriptions('system')) s`;
  if (mode === "unheard") {
    await sql`alter table public.events disable trigger events_ring_the_database_manager`;
    return;
  }
  await sql`alter table public.events enable trigger events_ring_the_database_manager`;
  await sql`
    select public.create_subscription(
      jsonb_build_object('name', 'bench-' || n, 'url', 'https://bench.example.com/'), 'system')
    from generate_series(1, ${subscriptions}::int) n`;
  const shut = mode === "busy" ? "infinity" : "-infinity";
  await sql`update private.doorbell set closed_until = ${shut}::text::timestamptz`;
}
