/** What a first visit loads: the page's script, the stream's, and all that these import. */
import { assert } from "@std/assert";
import { site } from "../../../functions/portal/built/site.ts";

const most = 250_000; // bytes, compressed

Deno.test("the scripts of a first visit are at most 250 kB compressed", async () => {
  const loaded = new Set<string>();
  const load = async (path: string): Promise<void> => {
    if (loaded.has(path)) return;
    loaded.add(path);
    const text = await textOf(path);
    for (const [, name] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) {
      await load(`assets/${name}`);
    }
  };
  await load(pathOf("portal"));
  await load(pathOf("stream_screen"));
  assert(loaded.size > 3, `only ${[...loaded]}`); // chunks are found
  const size = [...loaded].reduce((sum, path) => sum + bytesOf(path).length, 0);
  assert(size <= most, `${size} bytes`);
});

function pathOf(script: string): string {
  const path = Object.keys(site).find((one) => one.startsWith(`assets/${script}.`));
  if (!path) throw new Error(`There is no script ${script}`);
  return path;
}

function bytesOf(path: string): Uint8Array<ArrayBuffer> {
  const file = site[path];
  if (!file) throw new Error(`There is no ${path}`);
  return Uint8Array.from(atob(file.gzip), (one) => one.charCodeAt(0));
}

async function textOf(path: string): Promise<string> {
  const unpacked = new Blob([bytesOf(path)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(unpacked).text();
}
