import { z } from "@hono/zod-openapi";
import type { Site } from "./built_file.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { sendFile } from "./send_file.ts";

const AssetPath = z.object({ name: z.string().max(100) });

/** The hash of an asset is in its name: what was fetched once is good for ever. */
const headers = { "Cache-Control": "public, max-age=31536000, immutable" };

/** `GET /assets/{name}`: the scripts and style sheets of a built site. */
export function assetEndpoint(site: Site, summary: string): Endpoint {
  return endpoint({
    method: "get",
    path: "/assets/{name}",
    who: "anyone",
    summary,
    request: { params: AssetPath },
    responses: { 200: { description: "The asset", content: { "*/*": {} } } },
    problems: ["not_found"],
  }, (c) => sendFile(c, site, `assets/${c.req.valid("param").name}`, headers));
}
