import { endpoint } from "../../shared/http/endpoint.ts";
import { contentSecurityPolicy } from "./content_security_policy.ts";
import { sendFile } from "./send_file.ts";

const headers = {
  "Cache-Control": "no-cache",
  "Content-Security-Policy": `${contentSecurityPolicy()}; frame-ancestors 'none'`,
  "Referrer-Policy": "no-referrer",
};

/** An endpoint that answers one HTML page of the site. */
export function page(path: string, summary: string, file: string) {
  return endpoint({
    method: "get",
    path,
    who: "anyone",
    summary,
    responses: { 200: { description: "The page", content: { "text/html": {} } } },
  }, (c) => sendFile(c, file, headers));
}
