import { endpoint } from "../../shared/http/endpoint.ts";
import { sendFile } from "../../shared/http/send_file.ts";
import { site } from "./built/site.ts";

export const getDocument = endpoint({
  method: "get",
  path: "/openapi.json",
  who: "anyone",
  summary: "The API as an OpenAPI 3.1 document",
  responses: { 200: { description: "The document" } },
}, (c) => sendFile(c, site, "openapi.json", { "Cache-Control": "no-cache" }));
