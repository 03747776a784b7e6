import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { environment } from "../environment.ts";

/** A supabase-js client; the rights are those of the key or token it was made with. */
export type DatabaseClient = SupabaseClient;

/** The longest a single call may take, in milliseconds, before it counts as "database away". */
const CALL_TIMEOUT = 15_000;

// `accessToken` keeps supabase-js from building a sign-in client per request, and its own retries
// would turn "database away" into seconds of silence: the caller is told and decides.
function connect(key: string, token: string): DatabaseClient {
  return createClient(environment().url, key, {
    accessToken: () => Promise.resolve(token),
    db: { retry: false, timeout: CALL_TIMEOUT },
  });
}

let admin: DatabaseClient | undefined;

/** The client of `service_role`: passes by row-level security. One per isolate. */
export function adminClient(): DatabaseClient {
  const key = environment().secretKeys.default;
  return admin ??= connect(key, key);
}

/** A client that acts as the user of `token`: row-level security decides what it sees. */
export function callerClient(token: string): DatabaseClient {
  return connect(environment().publishableKeys.default, token);
}
