/** The documentation as a module of the `docs` function: a deployment uploads modules only. */
import { repository } from "../local/repository.ts";
import { platformDocument } from "./platform_document.ts";
import { siteFiles } from "./site.ts";

const root = "/functions/v1/docs";

/** Writes functions/docs/built/site.ts, unless it says the same already. */
export async function writeModules(): Promise<void> {
  const files = await siteFiles({
    document: await platformDocument("/functions/v1"),
    linksFrom: () => ({ root }),
  });
  const site = [...files].map(([path, { gzip, sha256 }]) =>
    `  ${JSON.stringify(path)}: { sha256: "${sha256}", gzip: "${gzip.toBase64()}" },\n`
  );
  await write(
    `${repository}/functions/docs/built/site.ts`,
    `// Written by supabase/build_docs.ts; \`deno task docs\` writes it anew.
import type { BuiltFile } from "../built_file.ts";

/** Path to file. */
export const site: Readonly<Record<string, BuiltFile>> = {
${site.join("")}};
`,
  );
}

/** A running stack starts its functions anew after every save, so nothing is saved in vain or by halves. */
async function write(path: string, text: string): Promise<void> {
  if (await Deno.readTextFile(path).catch(() => null) === text) return;
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  const draft = `${repository}/.data/docs/site.${Deno.pid}`;
  await Deno.writeTextFile(draft, text);
  await Deno.rename(draft, path);
}
