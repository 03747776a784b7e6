import { z } from "@hono/zod-openapi";
import { endpoint } from "../../shared/http/endpoint.ts";
import { sendFile } from "../../shared/http/send_file.ts";
import { site } from "./built/site.ts";

const AssetPath = z.object({ name: z.string().max(100) });

/** The hash of an asset is in its name: what was fetched once is good for ever. */
const headers = { "Cache-Control": "public, max-age=31536000, immutable" };

export const getAsset = endpoint({
  method: "get",
  path: "/assets/{name}",
  who: "anyone",
  summary: "A script or style sheet of the pages",
  request: { params: AssetPath },
  responses: { 200: { description: "The asset", content: { "*/*": {} } } },
  problems: ["not_found"],
}, (c) => sendFile(c, site, `assets/${c.req.valid("param").name}`, headers));
