import { createClient, type RealtimeChannel, type SupabaseClient } from "@supabase/supabase-js";
import { eventually } from "../../support/eventually.ts";
import { runningStack, type StackDescription } from "../../support/stack.ts";

/** A broadcast as it came, with the time of this process in milliseconds. */
export interface Heard {
  event: string;
  payload: { first: number; last: number; event_types: string[]; aggregate_types: string[] };
  at: number;
}

/** supabase-js on one topic; disposing of it disconnects. */
export interface Listener extends AsyncDisposable {
  channel: RealtimeChannel;
  /** Goes on with another access token. */
  renew: (token: string) => Promise<void>;
  heard: Heard[];
  /** SUBSCRIBED, CHANNEL_ERROR, TIMED_OUT, CLOSED in the order in which they came. */
  states: string[];
  /** What was said on the channel beside broadcasts and with CHANNEL_ERROR. */
  said: string[];
  /** Resolves to what `which` picks, as soon as it was heard. */
  hears: (which: (heard: Heard) => boolean, seconds?: number) => Promise<Heard>;
}

export interface ListenOptions {
  /** Access token; none to come with the key alone. */
  token?: string;
  key?: string;
  isPublic?: boolean;
  version?: "1.0.0" | "2.0.0";
}

/** Joins and resolves when that was answered, well or not. */
export async function listen(
  topic: string,
  { token, key, isPublic = false, version = "2.0.0" }: ListenOptions,
  stack: StackDescription = runningStack(),
): Promise<Listener> {
  const apiKey = key ?? stack.keys.publishable;
  const session = { token: token ?? apiKey };
  // Not `realtime.setAuth(token)`: supabase-js then forgets the token when it joins again.
  const client = createClient(stack.url, apiKey, {
    accessToken: () => Promise.resolve(session.token),
    realtime: { vsn: version },
  });
  await client.realtime.setAuth();
  const channel = client.channel(topic, { config: { private: !isPublic } });
  const listener = listenerOn(client, channel, async (token) => {
    session.token = token;
    await client.realtime.setAuth();
  });
  await eventually(() => listener.states.length > 0);
  return listener;
}

function listenerOn(
  client: SupabaseClient,
  channel: RealtimeChannel,
  renew: Listener["renew"],
): Listener {
  const heard: Heard[] = [];
  const states: string[] = [];
  const said: string[] = [];
  channel
    .on("broadcast", { event: "*" }, (message) => {
      const { event, payload } = message as unknown as Heard; // as broadcast_events writes it
      heard.push({ event, payload, at: performance.now() });
    })
    .on("system", {}, ({ message }) => said.push(message))
    .subscribe((state, error) => {
      states.push(state);
      if (error) said.push(error.message);
    });
  return {
    channel,
    renew,
    heard,
    states,
    said,
    hears: (which, seconds = 5) =>
      eventually(() => heard.find(which) ?? false, seconds).catch(() => {
        throw new Error(`Not heard within ${seconds} s; heard ${JSON.stringify(heard)}`);
      }),
    [Symbol.asyncDispose]: async () => {
      await client.removeAllChannels();
      await client.realtime.disconnect();
    },
  };
}

/** Picks a broadcast by its event and a number it covers. */
export function about(event: string, number: number): (heard: Heard) => boolean {
  return (heard) =>
    heard.event === event && heard.payload.first <= number && number <= heard.payload.last;
}
