import { endpoint } from "../../shared/http/endpoint.ts";
import { sendFile } from "../../shared/http/send_file.ts";
import { site } from "./built/site.ts";
import { contentSecurityPolicy } from "./content_security_policy.ts";

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
  }, (c) => sendFile(c, site, file, headers));
}
