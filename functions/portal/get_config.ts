import { z } from "@hono/zod-openapi";
import { environment } from "../../shared/environment.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";

const Config = z.object({ url: z.url(), publishable_key: z.string() }).openapi("PortalConfig");

/** Which project the page works with. Both are public; a static copy has a file of this name. */
export const getConfig = endpoint({
  method: "get",
  path: "/config.json",
  who: "anyone",
  summary: "The project the portal works with",
  responses: { 200: json(Config, "Its address and publishable key") },
}, (c) => {
  const { url, publishableKeys } = environment();
  c.header("Cache-Control", "no-cache");
  return c.json({ url, publishable_key: publishableKeys.default }, 200);
});
