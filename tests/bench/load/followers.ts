/** Connections that follow the log and count what they hear. */
import type { Followed } from "./follower_request.ts";

export interface Follower {
  heard: number;
  close(): void;
}

/** Follows the feed as a stream of Server-Sent Events. */
export async function followStream(
  url: string,
  { apikey, query }: Followed,
  client: Deno.HttpClient,
): Promise<Follower> {
  const over = new AbortController();
  const response = await fetch(`${url}/functions/v1/events/feed?after=now&${query}`, {
    headers: { apikey, accept: "text/event-stream" },
    signal: over.signal,
    client,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!response.ok || !reader) throw new Error(`A stream was answered with ${response.status}`);
  const follower: Follower = { heard: 0, close: () => over.abort() };
  await reader.read(); // the place to begin at
  count(reader, follower).catch(() => follower.close());
  return follower;
}

async function count(reader: ReadableStreamDefaultReader<string>, follower: Follower) {
  const mark = "\ndata: "; // in front of each event, and nowhere inside one
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const text = rest + value;
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) follower.heard++;
    rest = text.slice(1 - mark.length);
  }
}
