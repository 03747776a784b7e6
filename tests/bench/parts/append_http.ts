import { type Bench, countedLoad, settle, silence, wakeUp } from "../bench_stack.ts";
import type { LoadRequest } from "../load/load_request.ts";
import { type Cost, costTable, withCost } from "../processor_time.ts";
import { compare, type Finding, type Section } from "../report.ts";
import { type Arm, interleave, type Samples } from "../rounds.ts";

export const title = "append-http: POST /events";

interface Sample {
  perSecond: number;
  p99: number;
  cost: Cost;
}

const clientCounts = [1, 8, 32];
const paths = ["function", "batch", "postgrest", "sql"] as const;

/** POST /events against the same insert straight through PostgREST, and against plain SQL. */
export async function run(bench: Bench): Promise<Section> {
  await silence(bench);
  const arms = clientCounts.flatMap((clients) => paths.map((path) => arm(bench, path, clients)));
  const samples = await interleave(arms, bench.rounds, bench.log);
  await settle(bench.sql);
  await wakeUp(bench);
  return {
    title,
    note: `One event a request (product.created and price_changed, new aggregates, each with an ` +
      `idempotency key), as staff, ` +
      `through the gateway; ${bench.rounds} rounds of ${bench.seconds} s. PostgREST is called with ` +
      `the secret key and passes the gateway once; a request to the function passes it twice and ` +
      `checks token, body and schema. Gateway, functions, PostgREST, PostgreSQL and the clients ` +
      `share the cores. Nothing is projected meanwhile.`,
    findings: clientCounts.flatMap((clients) => findings(samples, clients)),
    remarks: costTable(samples),
  };
}

function arm(bench: Bench, path: typeof paths[number], clients: number): Arm<Sample> {
  const { stack, staffId, staffToken } = bench;
  const actor = { kind: "user", user_id: staffId };
  const token = { authorization: `Bearer ${staffToken}` };
  const requests: Record<typeof path, Omit<LoadRequest, "seconds">> = {
    function: { work: "http-post-event", url: stack.url, headers: token, clients },
    batch: { work: "http-post-batch", url: stack.url, headers: token, clients },
    postgrest: {
      work: "http-rpc",
      url: stack.url,
      headers: { apikey: stack.keys.secret },
      actor,
      clients,
    },
    sql: { work: "sql-post-events", url: stack.dbUrl, actor, clients },
  };
  return {
    name: `${path} ${clients}`,
    measure: () => withCost(bench, () => countedLoad(bench, requests[path])),
  };
}

function findings(samples: Samples<Sample>, clients: number): Finding[] {
  const rates = (path: string) => (samples[`${path} ${clients}`] ?? []).map((s) => s.perSecond);
  const latencies = (path: string) => (samples[`${path} ${clients}`] ?? []).map((s) => s.p99);
  const work = `POST /events, ${clients} connection${clients > 1 ? "s" : ""}`;
  const ours = rates("function");
  return [
    compare({
      work,
      than: "PostgREST",
      ours,
      against: rates("postgrest"),
      unit: "/s",
      atLeast: clients === 32 ? 2 : 0.8,
    }),
    compare({ work, than: "SQL", ours, against: rates("sql"), unit: "/s" }),
    compare({
      work: `${work}, p99`,
      than: "PostgREST",
      ours: latencies("function"),
      against: latencies("postgrest"),
      unit: " ms",
      atMost: 1,
    }),
    compare({
      work: `POST /events/batch of 100, ${clients}: events`,
      than: "POST /events",
      ours: rates("batch"),
      against: ours,
      unit: "/s",
      atLeast: 5,
    }),
  ];
}
