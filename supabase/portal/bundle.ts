import * as esbuild from "esbuild";
import { repository } from "../local/repository.ts";

export interface Bundle {
  /** Paths of what the page itself loads. */
  script: string;
  style: string;
  /** Paths of the scripts that a first visit needs besides: asked for at once, not one after the other. */
  soon: string[];
  /** Path to text. Names hold a hash of the content. */
  files: Map<string, string>;
}

const web = `${repository}/functions/portal/web`;

/** Bundles the sources of the portal. Screens are scripts of their own, loaded when first seen. */
export async function bundle(): Promise<Bundle> {
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: repository,
    entryPoints: { portal: `${web}/main.tsx`, style: `${web}/design/portal.css` },
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    target: ["es2023", "chrome125", "firefox128", "safari17.5"],
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    legalComments: "none",
    outdir: "assets",
    entryNames: "[name].[hash]",
    chunkNames: "[name].[hash]",
    metafile: true,
    write: false,
  });
  await esbuild.stop();
  const files = new Map(
    outputFiles.map(({ path, text }) => [path.slice(repository.length + 1), text]),
  );
  const script = entry("main.tsx");
  const first = withImports([script, entry("stream/stream_screen.tsx")]);
  const soon = [...first].filter((path) => path !== script);
  return { script, style: entry("design/portal.css"), soon, files };

  /** Scripts, and all that they import before they run. */
  function withImports(paths: string[], found = new Set<string>()): Set<string> {
    for (const path of paths) {
      if (found.has(path)) continue;
      found.add(path);
      const imports = metafile.outputs[path]?.imports ?? [];
      withImports(
        imports.filter(({ kind }) => kind === "import-statement").map((one) => one.path),
        found,
      );
    }
    return found;
  }

  function entry(source: string): string {
    const found = Object.entries(metafile.outputs)
      .find(([, { entryPoint }]) => entryPoint === `functions/portal/web/${source}`);
    if (!found) throw new Error(`Cannot find what ${source} was built into`);
    return found[0];
  }
}
