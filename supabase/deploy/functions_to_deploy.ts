/** The functions of supabase/config.toml, compared with the folders they are in. */
import { parse } from "@std/toml";
import { Refusal } from "./refusal.ts";

export interface FunctionToDeploy {
  slug: string;
  /** Absolute path of its index.ts. */
  entrypoint: string;
}

interface Section {
  entrypoint?: string;
  import_map?: string;
  verify_jwt?: boolean;
}

/**
 * Every function of the project, by name.
 *
 * @throws Refusal when a folder of functions/ has no section, a section has no folder, or a section
 * says something that uploads the wrong files or lets the gateway turn our API keys away.
 */
export async function functionsToDeploy(project: string): Promise<FunctionToDeploy[]> {
  const sections = await readSections(project);
  const folders = await readFolders(`${project}/functions`);
  const faults = [
    ...folders.filter((slug) => !sections.has(slug)).map((slug) =>
      `functions/${slug} has no section [functions.${slug}] in supabase/config.toml`
    ),
    ...[...sections].flatMap(([slug, section]) =>
      folders.includes(slug) ? faultsOf(slug, section) : [`[functions.${slug}] has no folder`]
    ),
  ];
  if (faults.length > 0) throw new Refusal(faults.join("; "));
  return folders.map((slug) => ({ slug, entrypoint: `${project}/functions/${slug}/index.ts` }));
}

/** The CLI finds neither a function outside supabase/functions nor deno.json at the root by itself. */
function faultsOf(slug: string, section: Section): string[] {
  const wanted = {
    entrypoint: `../functions/${slug}/index.ts`,
    import_map: "../deno.json",
    verify_jwt: false,
  };
  const keys = Object.keys(wanted) as (keyof typeof wanted)[]; // a literal's keys are its own
  return keys.filter((key) => section[key] !== wanted[key]).map((key) =>
    `[functions.${slug}] must say ${key} = ${JSON.stringify(wanted[key])}`
  );
}

async function readSections(project: string): Promise<Map<string, Section>> {
  const text = await Deno.readTextFile(`${project}/supabase/config.toml`);
  // The CLI, which also reads this file, refuses one that has another shape.
  const { functions } = parse(text) as { functions?: Record<string, Section> };
  return new Map(Object.entries(functions ?? {}));
}

async function readFolders(path: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(path));
  return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();
}
