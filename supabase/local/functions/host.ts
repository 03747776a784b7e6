/**
 * The process that serves every edge function, as the hosted runtime does: `/<slug>/…` goes to the default export of
 * that function's entrypoint. Arguments: `<slug>=<entrypoint>`…. Prints `listening on <port>` when all are loaded.
 */
import { toFileUrl } from "./file_url.ts";
import { settled, waitUntil } from "./background_work.ts";

const stopWithin = 9_000; // ms

type Handler = (request: Request) => Response | Promise<Response>;

Object.assign(globalThis, { EdgeRuntime: { waitUntil } });
addEventListener("unhandledrejection", (event) => {
  event.preventDefault(); // one function's mistake must not end the others
  console.error("Unhandled rejection:", event.reason);
});

const handlers = new Map(
  await Promise.all(Deno.args.map(async (arg): Promise<[string, Handler]> => {
    const [slug = "", ...path] = arg.split("=");
    return [slug, await load(slug, path.join("="))];
  })),
);

async function load(slug: string, entrypoint: string): Promise<Handler> {
  try {
    const module = await import(toFileUrl(entrypoint));
    const handler = module.default?.fetch;
    if (typeof handler !== "function") throw new TypeError("it has no `export default { fetch }`");
    return handler;
  } catch (error) {
    console.error(`Function "${slug}" does not load: ${reason(error)}`);
    return () => problem(503, "function_broken", `Function "${slug}" does not load; see its log`);
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const notFound = "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
  return notFound ? error.message : error.stack ?? error.message;
}

function problem(status: number, code: string, message: string): Response {
  return Response.json({ code, message }, { status });
}

async function serve(request: Request): Promise<Response> {
  const start = request.url.indexOf("/", 8) + 1;
  const slug = request.url.slice(start).split(/[/?#]/, 1)[0] ?? "";
  const handler = handlers.get(slug);
  if (!handler) return problem(404, "NOT_FOUND", "Requested function was not found");
  try {
    return await handler(request);
  } catch (error) {
    console.error(`Function "${slug}" threw:`, error);
    return problem(500, "WORKER_ERROR", "Function exited due to an error (please check logs)");
  }
}

const server = Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(`listening on ${port}`),
}, serve);

Deno.addSignalListener("SIGTERM", async () => {
  setTimeout(() => Deno.exit(0), stopWithin); // an open stream would keep it for ever
  await server.shutdown(); // requests in flight are answered
  await settled();
  Deno.exit(0);
});
