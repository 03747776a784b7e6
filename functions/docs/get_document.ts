import { endpoint } from "../../shared/http/endpoint.ts";
import { sendFile } from "./send_file.ts";

export const getDocument = endpoint({
  method: "get",
  path: "/openapi.json",
  who: "anyone",
  summary: "The API as an OpenAPI 3.1 document",
  responses: { 200: { description: "The document" } },
}, (c) => sendFile(c, "openapi.json", { "Cache-Control": "no-cache" }));
