import { environment } from "../../shared/environment.ts";
import { endpoint } from "../../shared/http/endpoint.ts";
import { sendFile } from "../../shared/http/send_file.ts";
import type { AppContext } from "../../shared/http/app_environment.ts";
import { site } from "./built/site.ts";
import { contentSecurityPolicy } from "./content_security_policy.ts";

const responses = {
  200: { description: "The page", content: { "text/html": {} } },
  302: { description: "Where its relative links lead somewhere" },
};

/** The page, at the function's own address with a slash. */
export const page = endpoint({
  method: "get",
  path: "/",
  who: "anyone",
  summary: "The staff portal",
  responses,
}, (c) => {
  if (new URL(c.req.url).pathname.endsWith("/")) return sendPage(c);
  // Relative, since what stands before the function's name is the platform's; to a name, since a
  // platform that takes the slash away would send one round for ever.
  return c.redirect("portal/index.html", 302);
});

export const namedPage = endpoint({
  method: "get",
  path: "/index.html",
  who: "anyone",
  summary: "The staff portal",
  responses,
}, sendPage);

function sendPage(c: AppContext): Promise<Response> {
  return sendFile(c, site, "index.html", {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": `${
      contentSecurityPolicy(environment().url)
    }; frame-ancestors 'none'`,
    "Referrer-Policy": "no-referrer",
  });
}
