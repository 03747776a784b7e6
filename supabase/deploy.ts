/**
 * `deno task deploy`: migrations, then every function, to a hosted project through the Supabase CLI.
 *
 *     --project-ref REF   the project; without it the one `supabase link` chose
 *     --db-url URL        where the migrations go instead of to the project's own database
 *     --functions-only    leave the database alone, as when an earlier version is brought back
 *     --check             only find out whether everything is fit to be deployed
 *     --workdir FOLDER    the project's folder; without it this repository
 *
 * Nothing is touched before everything is found fit: each function listed and right in config.toml,
 * each entrypoint type-checked, each event type in a migration, and a rehearsal of the upload
 * without a single warning.
 */
import { parseArgs } from "node:util";
import { resolve } from "node:path";
import { repository } from "./local/repository.ts";
import { functionsToDeploy } from "./deploy/functions_to_deploy.ts";
import { Refusal } from "./deploy/refusal.ts";
import { rehearse } from "./deploy/rehearsal.ts";
import { runCli } from "./deploy/run_cli.ts";
import { typeCheck } from "./deploy/type_check.ts";
import { dueEventTypes, eventTypeMigrations } from "./write_event_types.ts";

interface Options {
  project: string;
  projectRef: string | undefined;
  dbUrl: string | undefined;
  functionsOnly: boolean;
  checkOnly: boolean;
}

async function deploy(options: Options): Promise<string> {
  const { project, projectRef, dbUrl } = options;
  const functions = await functionsToDeploy(project);
  const entrypoints = functions.map(({ entrypoint }) => entrypoint);
  await typeCheck(project, entrypoints);
  if (project === repository) await requireEventTypes();
  await rehearse(project);
  if (options.checkOnly) return `Fit to be deployed: ${names(functions)}`;
  const remote = projectRef ? `--remote=${projectRef}` : "--remote";
  if (!options.functionsOnly) {
    await runCli(project, ["db", "push", dbUrl ? `--remote=${dbUrl}` : remote]);
  }
  await runCli(project, ["functions", "deploy", "--use-api", remote]);
  return `Deployed ${options.functionsOnly ? "" : "the migrations and "}${names(functions)}`;
}

/** @throws Refusal when posts of what the code knows would be refused by a database that does not */
async function requireEventTypes(): Promise<void> {
  if (dueEventTypes(await eventTypeMigrations()) === null) return;
  throw new Refusal(
    "event types of the code are in no migration: run `deno run -A supabase/write_event_types.ts`",
  );
}

function names(functions: { slug: string }[]): string {
  return functions.map(({ slug }) => slug).join(", ");
}

function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      "project-ref": { type: "string" },
      "db-url": { type: "string" },
      "functions-only": { type: "boolean" },
      check: { type: "boolean" },
      workdir: { type: "string" },
    },
  });
  return {
    project: values.workdir ? resolve(values.workdir) : repository,
    projectRef: values["project-ref"],
    dbUrl: values["db-url"],
    functionsOnly: values["functions-only"] ?? false,
    checkOnly: values.check ?? false,
  };
}

if (import.meta.main) {
  try {
    console.log(await deploy(readOptions(Deno.args)));
  } catch (error) {
    const isUsage = error instanceof TypeError && "code" in error;
    if (!(error instanceof Refusal) && !isUsage) throw error;
    console.error(`Not deployed: ${error.message}`);
    Deno.exit(1);
  }
}
