/** Ways to follow the feed from outside, all of which reconnect at random. */
import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "@supabase/supabase-js";
import { createEventClient } from "../../../shared/client/mod.ts";
import { serverSentEvents } from "../../../shared/client/server_sent_events.ts";
import type { StackDescription } from "../../support/stack.ts";
import { random } from "../../unit/domain/random.ts";

/** Follows until aborted; `seen` gets the number of each event as it is given. */
export type Follower = (
  stack: StackDescription,
  seen: number[],
  over: AbortSignal,
) => Promise<void>;

const feedUrl = ({ url }: StackDescription) => `${url}/functions/v1/events/feed`;

/** Pages of JSON of every size. */
export const pages = (after = 0): Follower => async (stack, seen, over) => {
  const { integer } = random(1);
  let next = after;
  while (!over.aborted) {
    const url = `${feedUrl(stack)}?after=${next}&limit=${integer(1, 200)}`;
    const response = await fetch(url, { headers: { apikey: stack.keys.secret } });
    if (!response.ok) {
      await response.body?.cancel();
      await delay(50);
      continue;
    }
    const page = await response.json();
    seen.push(...page.events.map((event: { event_number: number }) => event.event_number));
    next = page.next;
    if (page.head) await delay(20);
  }
};

/** Server-Sent Events, hung up on at random and resumed by Last-Event-ID alone. */
export const stream: Follower = async (stack, seen, over) => {
  const { integer } = random(2);
  let last = "";
  while (!over.aborted) {
    const hangUp = AbortSignal.any([over, AbortSignal.timeout(integer(50, 700))]);
    try {
      const response = await fetch(`${feedUrl(stack)}?after=0`, {
        headers: {
          apikey: stack.keys.secret,
          accept: "text/event-stream",
          ...(last && { "last-event-id": last }),
        },
        signal: hangUp,
      });
      for await (const { id, data } of serverSentEvents(response)) {
        if (data) seen.push(JSON.parse(data).event_number);
        last = id;
      }
    } catch {
      // hung up, or the server was away
    }
    await delay(10);
  }
};

/** The client by Server-Sent Events, over a way that breaks. */
export const client = (url: string): Follower => async (stack, seen, signal) => {
  const events = createEventClient({ url, key: stack.keys.secret });
  for await (const { event_number } of events.subscribe({ after: 0, signal })) {
    seen.push(event_number);
  }
};

/** The client rung by Realtime, over a way that breaks, also for the websocket. */
export const clientByRealtime = (url: string): Follower => async (stack, seen, signal) => {
  const supabase = createClient(url, stack.keys.secret, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { reconnectAfterMs: () => 100 },
  });
  const events = createEventClient({ url, key: stack.keys.secret });
  for await (const event of events.subscribe({ after: 0, signal, realtime: supabase })) {
    seen.push(event.event_number);
  }
  await supabase.removeAllChannels();
  await supabase.realtime.disconnect();
};
