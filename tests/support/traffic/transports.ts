import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { type Answer, callFunction } from "../call_function.ts";
import { signIn } from "../people.ts";
import type { StackDescription } from "../stack.ts";
import { findEventType } from "../../../shared/events/catalog.ts";
import type { Post, Step } from "./story.ts";

/** Appends a step; throws {@link NotAcknowledged} when it cannot say whether it was stored. */
export type Transport = (step: Step) => Promise<void>;

/** No answer, or one that says "try again". */
export class NotAcknowledged extends Error {
  override readonly name = "NotAcknowledged";
}

/** supabase-js as the trusted backend. */
export function serviceClient({ url, keys }: StackDescription): SupabaseClient {
  return createClient(url, keys.secret, {
    auth: { persistSession: false, autoRefreshToken: false },
    db: { retry: false },
  });
}

/** Calls `post_events`, which does not look into the data. */
export async function throughDatabase(stack: StackDescription): Promise<Transport> {
  const client = serviceClient(stack);
  const { userId } = await signIn("staff", stack);
  const actors = { service: { kind: "service" }, staff: { kind: "user", user_id: userId } };
  return async ({ as, posts }) => {
    const { error, status } = await client.rpc("post_events", {
      p_events: posts.map(versioned),
      p_actor: actors[as],
    });
    if (!error) return;
    // PostgREST answers 400 without a code when its connection breaks in mid-query.
    const passing = status === 0 || status >= 500 || ["", "40001"].includes(error.code);
    throw passing
      ? new NotAcknowledged(error.message)
      : new Error(`${status} ${JSON.stringify(error)}`);
  };
}

/** With the schema version that the function would add. */
function versioned(post: Post) {
  return { schema_version: findEventType(post.event_type)?.schemaVersion ?? 1, ...post };
}

/** Posts to the `events` function, but poison, which it would refuse, to the database. */
export async function throughFunction(stack: StackDescription): Promise<Transport> {
  const database = await throughDatabase(stack);
  const { token } = await signIn("staff", stack);
  const credentials = { service: { key: stack.keys.secret }, staff: { token } };
  return async (step) => {
    if (step.poison) return await database(step);
    const [first, ...others] = step.posts;
    const [path, body] = others.length > 0
      ? ["events/batch", { events: step.posts }]
      : ["events", first];
    const { status, body: answer } = await noAnswer(
      callFunction(path, { ...credentials[step.as], body }, stack),
    );
    if (status === 200 || status === 201) return;
    if (status >= 500) throw new NotAcknowledged(`${status} ${JSON.stringify(answer)}`);
    throw new Error(`${status} ${JSON.stringify(answer)}`);
  };
}

async function noAnswer(call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    throw new NotAcknowledged(String(error));
  }
}
