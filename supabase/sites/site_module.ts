/** A site as a module of the function that serves it: a deployment uploads modules only. */
import { repository } from "../local/repository.ts";
import type { SiteFiles } from "./site_file.ts";

/** Writes functions/<slug>/built/site.ts, unless it says the same already. `task` is who writes it. */
export async function writeSiteModule(slug: string, files: SiteFiles, task: string): Promise<void> {
  const site = [...files].map(([path, { gzip, sha256 }]) =>
    `  ${JSON.stringify(path)}: { sha256: "${sha256}", gzip: "${gzip.toBase64()}" },\n`
  );
  await write(
    `${repository}/functions/${slug}/built/site.ts`,
    `// Written by supabase/build_${slug}.ts; \`${task}\` writes it anew.
import type { Site } from "../../../shared/http/built_file.ts";

/** Path to file. */
export const site: Site = {
${site.join("")}};
`,
  );
}

/** A running stack starts its functions anew after every save, so nothing is saved in vain or by halves. */
async function write(path: string, text: string): Promise<void> {
  if (await Deno.readTextFile(path).catch(() => null) === text) return;
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  const drafts = `${repository}/.data/sites`;
  await Deno.mkdir(drafts, { recursive: true });
  const draft = `${drafts}/site.${Deno.pid}`;
  await Deno.writeTextFile(draft, text);
  await Deno.rename(draft, path);
}
