/** The documentation as a module of the `docs` function. */
import { writeSiteModule } from "../sites/site_module.ts";
import { platformDocument } from "./platform_document.ts";
import { siteFiles } from "./site.ts";

const root = "/functions/v1/docs";

/** Writes functions/docs/built/site.ts, unless it says the same already. */
export async function writeModules(): Promise<void> {
  const files = await siteFiles({
    document: await platformDocument("/functions/v1"),
    linksFrom: () => ({ root }),
  });
  await writeSiteModule("docs", files, "deno task docs");
}
