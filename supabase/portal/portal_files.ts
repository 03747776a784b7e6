/** The portal as files: one page, a style sheet, and scripts that are loaded as they are needed. */
import { siteFile, type SiteFiles } from "../sites/site_file.ts";
import { bundle } from "./bundle.ts";
import { portalPage } from "./portal_page.ts";

/** `policy` is for hosts that do not send one as a header. */
export async function portalFiles(policy?: string): Promise<SiteFiles> {
  const { script, style, soon, files } = await bundle();
  const site: SiteFiles = new Map([...files].map(([path, text]) => [path, siteFile(text)]));
  site.set("index.html", siteFile(portalPage({ script, style, soon, policy })));
  return site;
}
