/** The portal as a folder of files that any web server can serve, from any path. */
import { contentSecurityPolicy } from "../../functions/portal/content_security_policy.ts";
import { siteFile, type SiteFiles } from "../sites/site_file.ts";
import { portalFiles } from "./portal_files.ts";

/** `server` is the base address of the project, `key` its publishable key. */
export async function staticCopy(server: string, key: string): Promise<SiteFiles> {
  const files = await portalFiles(contentSecurityPolicy(server));
  files.set("config.json", siteFile(JSON.stringify({ url: server, publishable_key: key })));
  return files;
}
