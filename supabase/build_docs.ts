/**
 * `deno task docs`: builds the API documentation. Start, check, test and deploy do it by themselves.
 *
 *     (nothing)                 the module that the `docs` function serves
 *     --out DIR --server URL    a copy for any web server, which tries the API of the project at URL
 */
import { parseArgs } from "node:util";
import { resolve } from "node:path";
import { isUpToDate, noteBuild } from "./sites/up_to_date.ts";

const sources = ["functions", "shared", "supabase/docs", "supabase/sites", "deno.json"];

const { values: { out, server } } = parseArgs({
  args: Deno.args,
  options: { out: { type: "string" }, server: { type: "string" } },
});

if (out === undefined && server === undefined) {
  if (!await isUpToDate("docs", sources)) {
    const begun = Date.now();
    const { writeModules } = await import("./docs/modules.ts");
    await writeModules();
    await noteBuild("docs", begun);
  }
} else if (out !== undefined && server !== undefined && URL.canParse(server)) {
  const { writeStaticCopy } = await import("./docs/static_copy.ts");
  await writeStaticCopy(resolve(out), server.replace(/\/+$/, ""));
  console.log(`Written to ${resolve(out)}: index.html is Swagger UI, redoc/ is ReDoc`);
} else {
  console.error("Cannot write a copy: want --out DIR --server https://PROJECT.supabase.co");
  Deno.exit(1);
}
