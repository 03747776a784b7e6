import { setTimeout as delay } from "node:timers/promises";
import type { Traffic } from "../traffic.ts";
import type { Step, Story } from "./story.ts";
import { NotAcknowledged, type Transport } from "./transports.ts";

/** How long a client keeps asking for one step before the test gives up, in milliseconds. */
const PATIENCE = 60_000;

/** What clients were told. */
export interface Told {
  /** Keys of the events that somebody acknowledged as stored. */
  readonly acknowledged: string[];
  /** How often no good answer came and the same was posted again. */
  readonly repeated: number;
}

/** Tells the stories by as many clients as there are transports, each its next story in turn. */
export async function tellStories(
  { opening, stories }: Traffic,
  transports: readonly Transport[],
): Promise<Told> {
  const told = { acknowledged: [] as string[], repeated: 0 };
  const tell = async (story: Story, transport: Transport) => {
    for (const step of story) {
      told.repeated += await untilAcknowledged(step, transport);
      told.acknowledged.push(...step.posts.map((post) => post.idempotency_key));
    }
  };
  const [first] = transports;
  if (first) await tell(opening, first);
  const queue = stories.values();
  // The clients share one iterator: each story goes to whoever is free.
  await Promise.all(transports.map(async (transport) => {
    for (const story of queue) await tell(story, transport);
  }));
  return told;
}

async function untilAcknowledged(step: Step, transport: Transport): Promise<number> {
  const end = Date.now() + PATIENCE;
  for (let repeated = 0;; repeated++) {
    try {
      await transport(step);
      return repeated;
    } catch (error) {
      if (!(error instanceof NotAcknowledged) || Date.now() > end) throw error;
      await delay(100);
    }
  }
}
