/** The documentation as a folder of files that any web server can serve, from any path. */
import { contentSecurityPolicy } from "../../functions/docs/content_security_policy.ts";
import { writeSiteFolder } from "../sites/site_folder.ts";
import { platformDocument } from "./platform_document.ts";
import { siteFiles } from "./site.ts";

/** Writes the copy into `folder`. `server` is the base address of the project whose API it tries. */
export async function writeStaticCopy(folder: string, server: string): Promise<void> {
  const policy = contentSecurityPolicy(server);
  const files = await siteFiles({
    document: await platformDocument(`${server}/functions/v1`),
    linksFrom: (page) => ({ root: page === "index.html" ? "." : "..", policy }),
  });
  await writeSiteFolder(folder, files);
}
