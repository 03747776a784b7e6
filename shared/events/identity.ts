import { ApplicationError } from "../errors.ts";
import type { Principal } from "../http/principal.ts";

/** Who is the author of an event, and what else was claimed about it. */
export interface Attribution {
  /** Stated only by the backend; for everybody else the database derives both. */
  stated: { created_by?: string; user_id?: string };
  /** Claims that were not believed, to be kept in the metadata. */
  claims: { claimed_created_by?: string; claimed_user_id?: string };
}

/** What the body says about its author; null is as good as nothing. */
interface Claimed {
  created_by?: string | null;
  user_id?: string | null;
}

/** The actor that the database is told: it looks up staff and rights itself. */
export type Actor =
  | { kind: "user"; user_id: string }
  | { kind: "agent"; name: string }
  | { kind: "service" };

/** `created_by` as the log keeps it. */
export const AUTHOR = /^(user:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|agent:[a-z0-9_]+|system)$/;

/** The actor for the database; an automation posts nothing (403). */
export function actorOf(principal: Principal): Actor {
  switch (principal.kind) {
    case "user":
      return { kind: "user", user_id: principal.userId };
    case "agent":
      return { kind: "agent", name: principal.name };
    case "service":
      return { kind: "service" };
    case "automation":
      throw new ApplicationError("forbidden", "This key rings the database manager, no more.");
  }
}

/**
 * Decides what a stated author is worth. The backend is believed; anybody else is who their
 * credential says, and a differing claim is kept only as a claim.
 *
 * @throws ApplicationError `validation_failed` (422) when the backend states a malformed author
 */
export function attribute(
  principal: Principal,
  claimed: Claimed,
  pointer = "",
): Attribution {
  if (principal.kind === "service") return { stated: stated(claimed, pointer), claims: {} };
  const claims: Attribution["claims"] = {};
  const actual = "createdBy" in principal ? principal.createdBy : null;
  const actualUser = principal.kind === "user" ? principal.userId : null;
  const created_by = claimed.created_by ?? null;
  const user_id = claimed.user_id ?? null;
  if (created_by !== null && created_by !== actual) claims.claimed_created_by = created_by;
  if (user_id !== null && user_id !== actualUser) claims.claimed_user_id = user_id;
  return { stated: {}, claims };
}

function stated(claimed: Claimed, pointer: string): Attribution["stated"] {
  const created_by = claimed.created_by ?? undefined;
  const user_id = claimed.user_id ?? undefined;
  if (created_by === undefined) return { user_id };
  if (!AUTHOR.test(created_by)) {
    throw new ApplicationError("validation_failed", "The author is not well-formed.", {
      errors: [{
        pointer: `${pointer}/created_by`,
        message: "Expected user:<uuid>, agent:<name> or system",
      }],
    });
  }
  const author = created_by.startsWith("user:") ? created_by.slice("user:".length) : undefined;
  return { created_by, user_id: user_id ?? author };
}
