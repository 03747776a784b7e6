import type { Day } from "../../shared/pricing/inputs.ts";

/** The day it is, in UTC. Everything else in an analysis comes from events. */
export function today(): Day {
  return Math.floor(Date.now() / 86_400_000);
}
