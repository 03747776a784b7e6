/** A site as a folder of files that any web server can serve. */
import { gunzipSync } from "node:zlib";
import type { SiteFiles } from "./site_file.ts";

export async function writeSiteFolder(folder: string, files: SiteFiles): Promise<void> {
  for (const [path, { gzip }] of files) {
    const target = `${folder}/${path}`;
    await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(target, gunzipSync(gzip));
  }
}
