/** Everything a host of the documentation serves: path to file. */
import { gunzipSync, gzipSync } from "node:zlib";
import { sha256, siteFile, type SiteFiles } from "../sites/site_file.ts";
import { npmAssets } from "./npm_assets.ts";
import { type Links, redocPage, swaggerUiPage } from "./pages.ts";
import { type OpenApi } from "./platform_document.ts";

export interface SiteOptions {
  document: OpenApi;
  /** The addresses of the pages and what is beside them, from the page that asks. */
  linksFrom: (page: "index.html" | "redoc/index.html") => { root: string; policy?: string };
}

/** Pages, document and assets. The name of an asset has its hash in it, so that it never changes. */
export async function siteFiles(
  { document, linksFrom }: SiteOptions,
): Promise<SiteFiles> {
  const files: SiteFiles = new Map();
  const names = new Map<string, string>();
  for (const [name, gzip] of await assets()) {
    const hash = sha256(gunzipSync(gzip));
    const path = `assets/${name.replace(/(\.\w+)$/, `.${hash.slice(0, 12)}$1`)}`;
    names.set(name, path);
    files.set(path, { gzip, sha256: hash });
  }
  const add = (path: string, text: string) => files.set(path, siteFile(text));
  const links = (page: "index.html" | "redoc/index.html"): Links => {
    const { root, policy } = linksFrom(page);
    return {
      document: `${root}/openapi.json`,
      asset: (name) => `${root}/${names.get(name)}`,
      swaggerUi: root,
      redoc: `${root}/redoc`,
      policy,
    };
  };
  add("openapi.json", JSON.stringify(document));
  add("index.html", swaggerUiPage(links("index.html")));
  add("redoc/index.html", redocPage(links("redoc/index.html")));
  return files;
}

async function assets(): Promise<[name: string, gzip: Uint8Array][]> {
  const start = await Deno.readFile(new URL("start_swagger_ui.js", import.meta.url));
  return [...await npmAssets(), ["start-swagger-ui.js", gzipSync(start, { level: 9 })]];
}
