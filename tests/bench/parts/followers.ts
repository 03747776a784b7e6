import { type Bench, countedLoad, settle, silence, wakeUp } from "../bench_stack.ts";
import { productEvents } from "../catalog_events.ts";
import type { FollowerRequest, FollowerResult } from "../load/follower_request.ts";
import { JsonProcess } from "../load/json_process.ts";
import { costTable, untilCalm, withCost } from "../processor_time.ts";
import { compare, measured, number, type Section } from "../report.ts";
import { interleave } from "../rounds.ts";

export const title = "followers: appends while a thousand follow";

const followers = 1000;
const clients = 8;
/** How long the last follower may take to hear its first event, in seconds. */
const patience = 60;

type Followers = JsonProcess<FollowerRequest, FollowerResult>;

const modes = ["nobody", "one aggregate", "everything"] as const;
type Mode = typeof modes[number];

/** Appends with a thousand followers of each kind against appends that nobody follows. */
export async function run(bench: Bench): Promise<Section> {
  await silence(bench);
  try {
    const arms = modes.map((mode) => ({ name: mode, measure: () => measure(bench, mode) }));
    const samples = await interleave(arms, bench.rounds, bench.log);
    const rates = (mode: Mode) => (samples[mode] ?? []).map(({ perSecond }) => perSecond);
    return {
      title,
      note:
        `post_events of one by ${clients} clients through postgres.js; ${bench.rounds} rounds of ` +
        `${bench.seconds} s. Followers are connections through the gateway, held by a process of their ` +
        `own, and each must have heard an event before the next measurement: of one aggregate, its ` +
        `only one, appended when the clock has stopped. Nobody projects. Here followers, gateway, ` +
        `functions and PostgreSQL share the cores, so that what a follower costs any of them is taken ` +
        `from the appends, or makes them hear later; hosted, only what the column postgres shows is.`,
      findings: [
        ...(["one aggregate", "everything"] as const).map((mode) =>
          compare({
            work: `append, ${number(followers)} streams follow ${mode}`,
            than: "nobody follows",
            ours: rates(mode),
            against: rates("nobody"),
            unit: "/s",
            atLeast: 0.9,
          })
        ),
        measured({
          work: "events that those who follow everything hear meanwhile",
          values: (samples.everything ?? []).map(({ heard, seconds }) => heard / seconds),
          unit: "/s",
        }),
      ],
      remarks: costTable(samples),
    };
  } finally {
    await wakeUp(bench);
  }
}

async function measure(bench: Bench, mode: Mode) {
  // A process for each measurement: what aborted requests still had to read would burden the next.
  const process: Followers = new JsonProcess("tests/bench/load/followers_process.ts");
  try {
    return await appended(bench, process, mode);
  } finally {
    await process.stop();
    await settle(bench.sql);
    await untilCalm(bench);
  }
}

async function appended(bench: Bench, process: Followers, mode: Mode) {
  const { stack, staffId } = bench;
  const aggregate = crypto.randomUUID();
  const query = mode === "one aggregate" ? `aggregate_id=${aggregate}` : "";
  const headers = { apikey: stack.keys.secret, query };
  if (mode !== "nobody") await process.ask({ task: "open", followers, url: stack.url, headers });
  const actor = { kind: "user", user_id: staffId };
  const request = { work: "sql-post-events", url: stack.dbUrl, actor, clients } as const;
  const result = await withCost(bench, () => countedLoad(bench, request));
  const { heard } = await process.ask({ task: "count" });
  if (mode === "one aggregate") await appendAbout(bench, aggregate);
  if (mode !== "nobody") await process.ask({ task: "close", seconds: patience });
  return { ...result, heard };
}

/** The event that followers of one aggregate wait for. */
async function appendAbout({ sql, staffId }: Bench, aggregate_id: string): Promise<void> {
  const event = { ...productEvents().next().value, aggregate_id };
  const actor = sql.json({ kind: "user", user_id: staffId });
  await sql`select public.post_events(${JSON.stringify([event])}::text::jsonb, ${actor})`;
}
