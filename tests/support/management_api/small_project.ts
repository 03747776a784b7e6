/** A project of two small functions, in a folder of its own that a test may spoil. */
export interface SmallProject extends AsyncDisposable {
  folder: string;
  /** Writes a file, over the one that is there. */
  write: (path: string, content: string) => Promise<void>;
  remove: (path: string) => Promise<void>;
}

const files = {
  "deno.json": "{}",
  "supabase/config.toml": `project_id = "small"\n${section("greet")}${section("part")}`,
  "supabase/migrations/20260101000000_greetings.sql": "create table public.greetings (word text);",
  "functions/greet/index.ts": indexFile("hello"),
  "functions/part/index.ts": indexFile("goodbye"),
  "shared/answer.ts": "export const answer = (word: string) => new Response(word);",
};

/** Writes it; `await using` removes it. */
export async function smallProject(): Promise<SmallProject> {
  const folder = await Deno.makeTempDir({ prefix: "event sourcing " });
  const write = async (path: string, content: string) => {
    const target = `${folder}/${path}`;
    await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(target, content);
  };
  for (const [path, content] of Object.entries(files)) await write(path, content);
  return {
    folder,
    write,
    remove: (path) => Deno.remove(`${folder}/${path}`, { recursive: true }),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** The section config.toml needs for a function. */
export function section(slug: string): string {
  return `
[functions.${slug}]
entrypoint = "../functions/${slug}/index.ts"
import_map = "../deno.json"
verify_jwt = false
`;
}

/** An index.ts that answers `word`, with `head` before it. */
export function indexFile(word: string, head = ""): string {
  return `${head}
import { answer } from "../../shared/answer.ts";
export default { fetch: () => answer("${word}") };
`;
}
