/** The plans of everything the server runs, nested statements included, as auto_explain writes them to its log. */
import { openSql, type Stack } from "../support/stack.ts";
import { eventually } from "../support/eventually.ts";

/** A node of a plan, with what it met when it ran. */
interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  Schema?: string;
  "Actual Rows"?: number;
  "Actual Loops"?: number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  Plans?: PlanNode[];
}

export interface Explained {
  "Query Text": string;
  Plan: PlanNode;
}

/** From now on every session of the stack, PostgREST's too, explains what it runs. */
export async function explainEverything(stack: Stack): Promise<void> {
  await using sql = openSql({ ...stack, dbUrl: stack.adminUrl });
  const settings = {
    session_preload_libraries: "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_verbose": "on",
    "auto_explain.log_parameter_max_length": "0",
    "auto_explain.log_format": "json",
  };
  await sql.unsafe("load 'auto_explain'");
  for (const [name, value] of Object.entries(settings)) {
    await sql.unsafe(`alter database postgres set ${name} = '${value}'`);
  }
  await stack.postgrest.stop();
  await stack.postgrest.start();
}

/** What the server ran during `run`. */
export async function plansOf(stack: Stack, run: () => Promise<unknown>): Promise<Explained[]> {
  const file = `${stack.dataDir}/logs/postgres.log`;
  const { size } = await Deno.stat(file);
  await run();
  await using sql = openSql(stack);
  const last = `the end of ${crypto.randomUUID()}`;
  await sql.unsafe(`select '${last}'`);
  return await eventually(async () => {
    const log = new TextDecoder().decode((await Deno.readFile(file)).subarray(size));
    const plans = parse(log);
    return plans.some((plan) => plan["Query Text"].includes(last)) && plans.slice(0, -1);
  });
}

/** A plan follows the line that ends with `plan:`, on lines that begin with a tab. */
function parse(log: string): Explained[] {
  return [...log.matchAll(/plan:\n((?:\t.*\n)+)/g)].flatMap(([, text = ""]) => {
    try {
      return [JSON.parse(text)];
    } catch {
      return []; // not written to its end yet
    }
  });
}

function nodes(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodes)];
}

function on(table: string, plans: readonly Explained[]): { query: string; node: PlanNode }[] {
  return plans.flatMap((plan) =>
    nodes(plan.Plan)
      .filter((node) => node["Relation Name"] === table && node.Schema === "public")
      .map((node) => ({ query: plan["Query Text"].trim().replaceAll(/\s+/g, " "), node }))
  );
}

/** The statements that read a table from its beginning to its end. */
export function sequentialScans(plans: readonly Explained[], table = "events"): string[] {
  return on(table, plans).filter(({ node }) => node["Node Type"] === "Seq Scan")
    .map(({ query }) => query);
}

/** How many rows of a table were looked at; -1 when no statement was about it at all. */
export function rowsRead(plans: readonly Explained[], table = "events"): number {
  const all = on(table, plans);
  if (all.length === 0) return -1;
  return all.map(({ node }) => node).reduce((sum, node) => {
    const removed = (node["Rows Removed by Filter"] ?? 0) +
      (node["Rows Removed by Index Recheck"] ?? 0);
    return sum + ((node["Actual Rows"] ?? 0) + removed) * (node["Actual Loops"] ?? 1);
  }, 0);
}
