/** What the process of the followers is asked, one line of JSON each. */
export type FollowerRequest =
  /** Opens so many streams; each is open when the answer comes. */
  | { task: "open"; followers: number; url: string; headers: Followed }
  /** How many events they have heard so far. */
  | { task: "count" }
  /** Waits until each of them has heard something, then closes them. */
  | { task: "close"; seconds: number };

/** How to be let in, and the query of the feed. */
export interface Followed {
  apikey: string;
  query: string;
}

export interface FollowerResult {
  followers: number;
  /** Events that came, over all followers. */
  heard: number;
}
