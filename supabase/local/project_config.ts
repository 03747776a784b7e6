/** What the stack needs to know of supabase/config.toml. */
import { parse } from "@std/toml";

/** Section `[api]`. */
export interface ApiSettings {
  schemas: string[];
  extraSearchPath: string[];
  /** The most rows one response holds. */
  maxRows: number;
}

export interface ProjectConfig {
  api: ApiSettings;
  /** Slug to the entrypoint's absolute path, for each enabled `[functions.<slug>]`. */
  functions: Record<string, string>;
}

interface ConfigFile {
  api?: { schemas?: string[]; extra_search_path?: string[]; max_rows?: number };
  functions?: Record<string, { enabled?: boolean; entrypoint?: string }>;
}

/** Reads `<project>/supabase/config.toml`; what it does not say is as the Supabase CLI has it. */
export async function readProjectConfig(project: string): Promise<ProjectConfig> {
  // The Supabase CLI, which also reads this file, refuses one that has another shape.
  const file = parse(await Deno.readTextFile(`${project}/supabase/config.toml`)) as ConfigFile;
  const functions = Object.entries(file.functions ?? {}).filter(([, f]) => f.enabled !== false);
  return {
    api: {
      schemas: file.api?.schemas ?? ["public"],
      extraSearchPath: file.api?.extra_search_path ?? ["public", "extensions"],
      maxRows: file.api?.max_rows ?? 1000,
    },
    functions: Object.fromEntries(functions.map(([slug, { entrypoint }]) => [
      slug,
      `${project}/supabase/${entrypoint ?? `functions/${slug}/index.ts`}`,
    ])),
  };
}
