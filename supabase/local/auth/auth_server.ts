/** The part of GoTrue that sign-in with e-mail and password needs, with its shapes, over `auth.users`. */
import { AuthError } from "./auth_error.ts";
import type { Accounts } from "./accounts.ts";
import type { Sessions } from "./sessions.ts";
import { userJson } from "./user_json.ts";
import type { SigningKey } from "../keys.ts";

export class AuthServer {
  #accounts: Accounts;
  #sessions: Sessions;
  #key: SigningKey;

  constructor(accounts: Accounts, sessions: Sessions, key: SigningKey) {
    this.#accounts = accounts;
    this.#sessions = sessions;
    this.#key = key;
  }

  async fetch(request: Request): Promise<Response> {
    try {
      return await this.#route(request);
    } catch (error) {
      if (error instanceof AuthError) return error.toResponse(request);
      console.error("Auth:", error);
      return new AuthError(503, "unexpected_failure", "The database is not reachable")
        .toResponse(request);
    }
  }

  async #route(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const endpoint = `${request.method} ${url.pathname.slice("/auth/v1".length)}`;
    switch (endpoint) {
      case "POST /token":
        return Response.json(await this.#token(request, url.searchParams.get("grant_type")));
      case "POST /signup":
        return Response.json(await this.#signUp(request));
      case "GET /user":
        return Response.json(userJson((await this.#sessions.verify(request)).user));
      case "POST /logout":
        return await this.#logout(request, url.searchParams.get("scope") ?? "global");
      case "GET /.well-known/jwks.json":
        return Response.json(this.#key.jwks, {
          headers: { "cache-control": "public, max-age=600" },
        });
      case "GET /health":
        return Response.json({
          name: "GoTrue",
          description: "Stand-in for GoTrue",
          version: "local",
        });
      case "GET /settings":
        return Response.json(settings);
      default:
        throw new AuthError(404, "not_found", `The local auth server has no ${endpoint}`);
    }
  }

  async #token(request: Request, grantType: string | null): Promise<unknown> {
    const body = await jsonBody(request);
    if (grantType === "password") {
      return await this.#sessions.open(await this.#accounts.signIn(body.email, body.password));
    }
    if (grantType === "refresh_token") return await this.#sessions.refresh(body.refresh_token);
    throw new AuthError(400, "validation_failed", `Unsupported grant_type "${grantType}"`);
  }

  async #signUp(request: Request): Promise<unknown> {
    const { email, password, data } = await jsonBody(request);
    return await this.#sessions.open(await this.#accounts.create(email, password, data));
  }

  async #logout(request: Request, scope: string): Promise<Response> {
    const { sessionId, user } = await this.#sessions.verify(request);
    await this.#sessions.close(user.id, sessionId, scope);
    return new Response(null, { status: 204 });
  }
}

const settings = {
  external: { email: true, phone: false, anonymous_users: false },
  disable_signup: false,
  mailer_autoconfirm: true,
  phone_autoconfirm: false,
  sms_provider: "",
  saml_enabled: false,
};

async function jsonBody(request: Request): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await request.json();
    if (body && typeof body === "object") return body as Record<string, unknown>; // checked where used
  } catch { /* answered below */ }
  throw new AuthError(400, "bad_json", "Could not parse request body as JSON");
}
