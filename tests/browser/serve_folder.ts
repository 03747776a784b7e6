const types: Record<string, string> = {
  css: "text/css",
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  json: "application/json",
};

/** Serves the files of `folder` below `base`, as any plain web server does; disposing removes the folder. */
export function serveFolder(folder: string, base: string): AsyncDisposable & { origin: string } {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith(`${base}/`)) return new Response(null, { status: 404 });
    const path = `${folder}${pathname.slice(base.length)}`.replace(/\/$/, "/index.html");
    const content = await Deno.readFile(path).catch(() => null);
    if (!content) return new Response(null, { status: 404 });
    const type = types[path.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    return new Response(content, { headers: { "Content-Type": type } });
  });
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: async () => {
      await server.shutdown();
      await Deno.remove(folder, { recursive: true });
    },
  };
}
