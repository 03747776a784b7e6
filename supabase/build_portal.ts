/**
 * `deno task portal`: builds the staff portal. Start, check, test and deploy do it by themselves.
 *
 *     (nothing)                             the module that the `portal` function serves
 *     --out DIR --server URL --key KEY      a copy for any web server, for the project at URL with
 *                                           its publishable key
 */
import { parseArgs } from "node:util";
import { resolve } from "node:path";
import { portalFiles } from "./portal/portal_files.ts";
import { staticCopy } from "./portal/static_copy.ts";
import { writeSiteFolder } from "./sites/site_folder.ts";
import { writeSiteModule } from "./sites/site_module.ts";

const { values: { out, server, key } } = parseArgs({
  args: Deno.args,
  options: { out: { type: "string" }, server: { type: "string" }, key: { type: "string" } },
});

if (out === undefined && server === undefined && key === undefined) {
  await writeSiteModule("portal", await portalFiles(), "deno task portal");
} else if (out !== undefined && server !== undefined && URL.canParse(server) && key) {
  await writeSiteFolder(resolve(out), await staticCopy(server.replace(/\/+$/, ""), key));
  console.log(`Written to ${resolve(out)}: serve it from any path`);
} else {
  console.error(
    "Cannot write a copy: want --out DIR --server https://PROJECT.supabase.co --key sb_publishable_…",
  );
  Deno.exit(1);
}
