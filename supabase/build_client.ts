/**
 * `deno task client`: lays shared/client out as packages that can be published as they are:
 *
 *     .data/client/npm    JavaScript modules with declarations, for `npm publish`
 *     .data/client/jsr    the sources, for `deno publish`
 */
import { parseArgs } from "node:util";
import ts from "typescript";
import { repository } from "./local/repository.ts";

const sources = `${repository}/shared/client`;
const about = {
  version: "0.1.0",
  description: "Post, query and follow events from browsers, Node and Deno",
  license: "MIT",
};

/** Writes both packages below `folder`, in place of what was there. */
export async function buildClient(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  for (const name of ["npm", "jsr"]) {
    await Deno.mkdir(`${folder}/${name}`, { recursive: true });
    await Deno.copyFile(`${repository}/LICENSE`, `${folder}/${name}/LICENSE`);
  }
  await writeNpm(`${folder}/npm`);
  await writeJsr(`${folder}/jsr`);
}

async function writeNpm(folder: string): Promise<void> {
  const program = ts.createProgram([`${sources}/mod.ts`], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.dom.asynciterable.d.ts"],
    types: [],
    strict: true,
    skipLibCheck: true,
    declaration: true,
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: true,
    rootDir: sources,
    outDir: folder,
  });
  const { diagnostics } = program.emit(undefined, (path, text) => {
    // Declarations keep the extension that they were written with.
    Deno.writeTextFileSync(path, text.replace(/(from "\.\/\w+)\.ts"/g, '$1.js"'));
  });
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) {
    throw new Error(
      ts.formatDiagnostics(problems, {
        getCurrentDirectory: () => sources,
        getCanonicalFileName: (name) => name,
        getNewLine: () => "\n",
      }),
    );
  }
  await writeJson(`${folder}/package.json`, {
    name: "event-sourcing-client",
    ...about,
    type: "module",
    exports: { ".": { types: "./mod.d.ts", default: "./mod.js" } },
    sideEffects: false,
    engines: { node: ">=20" },
  });
}

async function writeJsr(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(sources)) {
    await Deno.copyFile(`${sources}/${name}`, `${folder}/${name}`);
  }
  await writeJson(`${folder}/deno.json`, {
    name: "@event-sourcing/client",
    ...about,
    exports: "./mod.ts",
  });
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

if (import.meta.main) {
  const folder = `${repository}/.data/client`;
  const { values: { out = folder } } = parseArgs({
    args: Deno.args,
    options: { out: { type: "string" } },
  });
  await buildClient(out);
  console.log(`Written to ${out}: npm/ and jsr/`);
}
