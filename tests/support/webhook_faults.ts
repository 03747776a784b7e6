import type { Delivery, Route } from "../../supabase/local/workers/pg_net_worker.ts";

/** How bad the way of the webhooks is; each a share from 0 to 1. */
export interface Faults {
  dropped?: number;
  duplicated?: number;
  shuffled?: boolean;
}

/** A route for `stack.pgNet.reroute` that loses, repeats and reorders requests, the same ones for the same `seed`. */
export function unreliable(seed: number, faults: Faults): Route {
  const random = mulberry32(seed);
  return (batch) => {
    const sent = batch.flatMap((delivery): Delivery[] => {
      if (random() < (faults.dropped ?? 0)) return [];
      return random() < (faults.duplicated ?? 0) ? [delivery, delivery] : [delivery];
    });
    if (!faults.shuffled) return sent;
    const keyed = sent.map((delivery) => ({ delivery, order: random() }));
    return keyed.sort((a, b) => a.order - b.order).map(({ delivery }) => delivery);
  };
}

/** Tommy Ettinger's Mulberry32: small, fast and good enough for a test. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
