/** One OpenAPI document of the whole platform, from the very routes that its functions serve. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { isDeepStrictEqual } from "node:util";
import { toFileUrl } from "../local/functions/file_url.ts";
import { readProjectConfig } from "../local/project_config.ts";
import { repository } from "../local/repository.ts";

/** Functions that serve pages: no part of the API. */
const pages = new Set(["docs", "portal"]);

/** An OpenAPI 3.1 document. */
export type OpenApi = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;

const info = {
  title: "Event Sourcing Platform",
  version: "1",
  license: { name: "MIT", identifier: "MIT" },
  description: `
Users and agents post **events**; the **Database Manager** turns them into state tables.

**Credentials.** People send the access token of their sign-in as \`Authorization: Bearer\`; the
backend and agents send a secret key as \`apikey\`. A token that is sent must be valid.

**Problems.** Every answer that is not a success is \`application/problem+json\` (RFC 9457). Switch on
its \`code\`: each operation lists those it can answer. Beyond them a path that does not exist
answers 404 \`not_found\`, and a method that is not offered there 405 \`method_not_allowed\`.
\`X-Request-Id\`, in every answer, is what the logs are searched by.
`.trim(),
};

/** The document; `server` is the address the paths follow, such as `/functions/v1`. */
export async function platformDocument(server: string): Promise<OpenApi> {
  const { functions } = await readProjectConfig(repository);
  const whole: OpenApi = { openapi: "3.1.0", info, servers: [{ url: server }], paths: {} };
  for (const [slug, entrypoint] of Object.entries(functions)) {
    if (!pages.has(slug)) add(whole, await documentOf(entrypoint));
  }
  for (const [path, item] of Object.entries(whole.paths ?? {})) {
    for (const [method, operation] of Object.entries(item)) {
      operation.operationId = operationId(method, path);
    }
  }
  return whole;
}

/** The document of one function; null when it serves no declared routes. */
async function documentOf(entrypoint: string): Promise<OpenApi | null> {
  const file = entrypoint.replace(/index\.ts$/, "app.ts");
  if (!await Deno.stat(file).catch(() => null)) return null;
  const { app } = await import(toFileUrl(file));
  return app instanceof OpenAPIHono ? app.getOpenAPI31Document({ openapi: "3.1.0", info }) : null;
}

function add(whole: OpenApi, part: OpenApi | null): void {
  whole.paths = { ...whole.paths, ...part?.paths };
  if (part?.webhooks) whole.webhooks = { ...whole.webhooks, ...part.webhooks };
  for (const [kind, components] of Object.entries(part?.components ?? {})) {
    // A component kind is a record of components by name, whatever the kind.
    const all = (whole.components ??= {}) as Record<string, Record<string, unknown>>;
    const known = all[kind] ??= {};
    for (const [name, component] of Object.entries(components as Record<string, unknown>)) {
      if (name in known && !isDeepStrictEqual(known[name], component)) {
        throw new Error(`Two functions name different ${kind} "${name}"`);
      }
      known[name] = component;
    }
  }
}

/** `POST /events/feed/tickets` is `post_events_feed_tickets`. */
function operationId(method: string, path: string): string {
  return [method, ...path.match(/\w+/g) ?? []].join("_");
}
