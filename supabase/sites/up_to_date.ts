import { repository } from "../local/repository.ts";

const folder = `${repository}/.data/sites`;

/** Whether the site was built after the last change below `sources`, paths in the repository. */
export async function isUpToDate(slug: string, sources: readonly string[]): Promise<boolean> {
  const built = await Deno.stat(`${repository}/functions/${slug}/built/site.ts`).catch(() => null);
  const stamp = await Deno.stat(stampOf(slug)).catch(() => null);
  if (!built || !stamp?.mtime) return false;
  const changes = await Promise.all(sources.map((path) => lastChange(`${repository}/${path}`)));
  return Math.max(...changes) < stamp.mtime.getTime();
}

/** Says that the site is what its sources make; `begun` is when they were read, in milliseconds since 1970. */
export async function noteBuild(slug: string, begun: number): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(stampOf(slug), "");
  await Deno.utime(stampOf(slug), begun / 1000, begun / 1000);
}

function stampOf(slug: string): string {
  return `${folder}/${slug}.stamp`;
}

/** Of a file, or of anything in a folder, in milliseconds since 1970; what builds write does not count. */
async function lastChange(path: string): Promise<number> {
  const { mtime, isDirectory } = await Deno.stat(path);
  const changes = [mtime?.getTime() ?? Infinity];
  if (isDirectory) {
    for await (const { name } of Deno.readDir(path)) {
      if (name !== "built" && name !== "node_modules") {
        changes.push(await lastChange(`${path}/${name}`));
      }
    }
  }
  return Math.max(...changes);
}
