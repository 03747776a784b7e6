import { Accounts } from "../auth/accounts.ts";
import { AuthServer } from "../auth/auth_server.ts";
import { Sessions } from "../auth/sessions.ts";
import { openPool } from "../database.ts";
import { type SigningKey, signToken } from "../keys.ts";
import { Policies } from "../realtime/policies.ts";
import { RealtimeServer } from "../realtime/realtime_server.ts";
import { Tokens } from "../realtime/tokens.ts";
import type { Site } from "../site.ts";
import { startGateway } from "./gateway.ts";
import { RestKeys } from "./rest_keys.ts";

/**
 * Starts the gateway with the auth and the Realtime server in it. What is behind it may still be starting: GETs of
 * functions wait a few seconds for it, other callers get 503.
 */
export async function openGateway(
  site: Site,
  functionsPort: () => number,
): Promise<RealtimeServer> {
  const pool = openPool(site.databaseUrl("supabase_auth_admin"));
  site.onStop(() => pool.end());
  const accounts = new Accounts(pool);
  const sessions = new Sessions(pool, accounts, site.key, `${site.url}/auth/v1`);
  const keys = await restKeys(site.key);
  const realtime = openRealtime(site, keys);
  const gateway = startGateway({
    port: site.ports.gateway,
    functionsOrigin: () => `http://127.0.0.1:${functionsPort()}`,
    restOrigin: `http://127.0.0.1:${site.ports.rest}`,
    restKeys: keys,
    auth: new AuthServer(accounts, sessions, site.key),
    realtime,
  });
  site.onStop(gateway.stop);
  return realtime;
}

function openRealtime(site: Site, keys: RestKeys): RealtimeServer {
  const pool = openPool(site.databaseUrl("supabase_admin"), { name: "realtime_policies" });
  site.onStop(() => pool.end());
  return new RealtimeServer(keys, {
    tokens: new Tokens(site.key),
    policies: new Policies(pool),
  });
}

async function restKeys(key: SigningKey): Promise<RestKeys> {
  const iat = Math.floor(Date.now() / 1000);
  const exp = iat + 10 * 365 * 86_400;
  const token = (role: string) => signToken(key, { iss: "supabase", role, iat, exp });
  return new RestKeys(await token("anon"), await token("service_role"));
}
