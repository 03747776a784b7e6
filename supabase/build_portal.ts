/**
 * `deno task portal`: builds the staff portal. Start, check, test and deploy do it by themselves.
 *
 *     (nothing)                             the module that the `portal` function serves
 *     --out DIR --server URL --key KEY      a copy for any web server, for the project at URL with
 *                                           its publishable key
 */
import { parseArgs } from "node:util";
import { resolve } from "node:path";
import { isUpToDate, noteBuild } from "./sites/up_to_date.ts";

const sources = ["functions/portal", "shared", "supabase/portal", "supabase/sites", "deno.json"];

const { values: { out, server, key } } = parseArgs({
  args: Deno.args,
  options: { out: { type: "string" }, server: { type: "string" }, key: { type: "string" } },
});

if (out === undefined && server === undefined && key === undefined) {
  if (!await isUpToDate("portal", sources)) {
    const begun = Date.now();
    const { portalFiles } = await import("./portal/portal_files.ts");
    const { writeSiteModule } = await import("./sites/site_module.ts");
    await writeSiteModule("portal", await portalFiles(), "deno task portal");
    await noteBuild("portal", begun);
  }
} else if (out !== undefined && server !== undefined && URL.canParse(server) && key) {
  const { staticCopy } = await import("./portal/static_copy.ts");
  const { writeSiteFolder } = await import("./sites/site_folder.ts");
  await writeSiteFolder(resolve(out), await staticCopy(server.replace(/\/+$/, ""), key));
  console.log(`Written to ${resolve(out)}: serve it from any path`);
} else {
  console.error(
    "Cannot write a copy: want --out DIR --server https://PROJECT.supabase.co --key sb_publishable_…",
  );
  Deno.exit(1);
}
