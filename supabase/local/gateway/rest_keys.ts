/** Turns API keys into the tokens PostgREST believes, as the hosted gateway does. */
import { apiKeys } from "../keys.ts";

export class RestKeys {
  #tokens: Map<string, string>;

  /**
   * `anonToken` and `serviceToken` are signed tokens of the roles anon and service_role. Named keys
   * are made with the role anon: they are for the functions, which know them by name, and open no
   * table or function of the database by themselves.
   */
  constructor(anonToken: string, serviceToken: string) {
    this.#tokens = new Map(Object.values(apiKeys).map((key) => [key, anonToken]));
    this.#tokens.set(apiKeys.secret, serviceToken);
  }

  /** The token that a key stands for, or undefined. */
  tokenOf(key: string): string | undefined {
    return this.#tokens.get(key);
  }

  /** The 401 for a missing or unknown `apikey`, or undefined. */
  check(headers: Headers): Response | undefined {
    const key = headers.get("apikey");
    if (key && this.#tokens.has(key)) return undefined;
    const message = key ? "Invalid API key" : "No API key found in request";
    return Response.json({ message, hint: "Send your project's key in the `apikey` header" }, {
      status: 401,
      headers: { "access-control-allow-origin": "*" },
    });
  }

  /** Checks the key and, unless a user's token came along, puts its role's token into `headers`. */
  authorize(headers: Headers): Response | undefined {
    const refused = this.check(headers);
    if (refused) return refused;
    const key = headers.get("apikey") ?? "";
    const sent = headers.get("authorization");
    const isUsers = sent !== null && !sent.startsWith("Bearer sb_");
    if (!isUsers) headers.set("authorization", `Bearer ${this.#tokens.get(key)}`);
    headers.delete("apikey");
  }
}
