import { isStaff } from "./authenticate.ts";
import type { Principal } from "./principal.ts";

/** Milliseconds that an answer serves all streams of a user. */
const FRESH = 2_000;

const asked = new Map<string, Promise<boolean>>();

/**
 * Whether someone who was let in, to a stream for staff and keys, may stay: a user while staff, a
 * key always. While the database cannot tell they stay. Cheap: one look for all streams of a user.
 */
export function mayStay(principal: Principal): Promise<boolean> {
  if (principal.kind !== "user") return Promise.resolve(true);
  const { userId } = principal;
  const known = asked.get(userId);
  if (known) return known;
  const answer = isStaff(userId, null).catch(() => true);
  asked.set(userId, answer);
  setTimeout(() => asked.delete(userId), FRESH);
  return answer;
}
