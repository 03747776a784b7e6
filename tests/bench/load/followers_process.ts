/** Holds a thousand followers in a process of its own: for each FollowerRequest it answers a FollowerResult. */
import type { FollowerRequest, FollowerResult } from "./follower_request.ts";
import { type Follower, followStream } from "./followers.ts";
import { serveLines } from "./serve_lines.ts";

const atOnce = 20;
const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0, http2: false });
let followers: Follower[] = [];

await serveLines(async (request: FollowerRequest): Promise<FollowerResult> => {
  if (request.task === "count") return result();
  if (request.task === "close") return await close(request.seconds);
  const { url, headers } = request;
  while (followers.length < request.followers) {
    const some = Math.min(atOnce, request.followers - followers.length);
    const opened = Array.from({ length: some }, () => followStream(url, headers, client));
    followers.push(...await Promise.all(opened));
  }
  return result();
});
Deno.exit(0); // streams that were given up may take their time

async function close(seconds: number): Promise<FollowerResult> {
  const deadline = Date.now() + seconds * 1000;
  while (followers.some((follower) => follower.heard === 0) && Date.now() < deadline) {
    await new Promise((done) => setTimeout(done, 50));
  }
  const deaf = followers.filter((follower) => follower.heard === 0).length;
  const told = result();
  for (const follower of followers) follower.close();
  followers = [];
  if (deaf > 0) throw new Error(`${deaf} of ${told.followers} followers heard nothing`);
  return told;
}

function result(): FollowerResult {
  return {
    followers: followers.length,
    heard: followers.reduce((sum, follower) => sum + follower.heard, 0),
  };
}
