/** One function as the Supabase CLI uploads it. */
export interface Bundle {
  slug: string;
  /** True when the platform only bundles it and waits to be told to switch to it. */
  bundleOnly: boolean;
  metadata: {
    name: string;
    entrypoint_path: string;
    import_map_path: string;
    verify_jwt: boolean;
    static_patterns: string[];
  };
  /** Path in the project to content. */
  files: Map<string, Uint8Array>;
}

/** Reads the body of `POST /v1/projects/{ref}/functions/deploy`. */
export async function readBundle(request: Request): Promise<Bundle> {
  const query = new URL(request.url).searchParams;
  const files = new Map<string, Uint8Array>();
  const form = await request.formData();
  for (const part of form.getAll("file")) {
    if (typeof part === "string") throw new Error("A part named file is not a file");
    files.set(part.name, new Uint8Array(await part.arrayBuffer()));
  }
  return {
    slug: query.get("slug") ?? "",
    bundleOnly: query.get("bundleOnly") === "true",
    metadata: JSON.parse(String(form.get("metadata"))),
    files,
  };
}

/** Size of all its files in bytes. */
export function bundleSize({ files }: Bundle): number {
  return [...files.values()].reduce((size, content) => size + content.byteLength, 0);
}

/** Writes its files under `folder`, where nothing else is. */
export async function unpack({ files }: Bundle, folder: string): Promise<void> {
  for (const [path, content] of files) {
    const target = `${folder}/${path}`;
    await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(target, content);
  }
}
