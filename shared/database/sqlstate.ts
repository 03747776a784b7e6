import { ApplicationError, type ErrorCode } from "../errors.ts";

/** What supabase-js gives as `error`; `details` is the `detail` of the SQL error. */
export interface DatabaseError {
  code?: string | null;
  message: string;
  details?: string | null;
}

/** SQLSTATEs raised by our own SQL, whose messages are written for the client. */
const OWN: Record<string, ErrorCode> = {
  ES001: "unknown_event_type",
  ES002: "inactive_event_type",
  ES003: "aggregate_type_mismatch",
  ES004: "stale_schema_version",
  ES005: "event_type_forbidden",
  ES006: "aggregate_forbidden",
  ES007: "version_conflict",
  ES008: "idempotency_conflict",
  ES009: "unknown_causation",
  ES010: "event_immutable",
  ES011: "event_not_found",
  ES012: "lease_lost",
  ES013: "invalid_append",
  ES014: "already_processed",
  ES015: "rebuild_running",
  ES016: "wrong_state",
  ES017: "fold_failed",
  ES018: "subscription_not_found",
  ES019: "subscription_exists",
  ES020: "aggregate_type_not_found",
  ES021: "rebuild_not_found",
  ES022: "invalid_parameter",
  ES030: "decision_not_found",
  ES031: "own_decision",
  ES032: "decision_settled",
  ES033: "agent_not_allowed",
  ES034: "agent_stopped",
  ES035: "target_moved",
  ES036: "decision_expired",
  ES037: "approved_already",
  ES038: "promotion_not_found",
  ES039: "invalid_proposal",
  ES040: "limits_required",
  ES041: "not_compensable",
  ES042: "judged_by_person",
};

/** Codes of PostgreSQL and PostgREST, with the line the client may read. */
const FOREIGN: Record<string, { code: ErrorCode; detail: string }> = {
  "42501": { code: "forbidden", detail: "These credentials may not do this." },
  PGRST301: { code: "unauthenticated", detail: "The token was not accepted by the database." },
  PGRST302: { code: "unauthenticated", detail: "The database takes no anonymous request here." },
  PGRST303: { code: "unauthenticated", detail: "The token was not accepted by the database." },
};

// Connection trouble, shutdown, no resources, lock or statement timeout, deadlock, read-only
// standby, and PostgREST without its database or its schema cache.
const AWAY =
  /^(08...|53...|57P0.|57014|55P03|40001|40P01|25006|PGRST000|PGRST001|PGRST002|PGRST003)$/;

const RETRY_AFTER = { "Retry-After": "2" };

/**
 * Turns a failed database call into the error the client sees. `status` is the HTTP status of the
 * call (0 when there was no answer at all). Nothing the database says leaves the server unless
 * our own SQL said it.
 */
export function databaseError(error: DatabaseError, status: number): ApplicationError {
  const code = error.code ?? "";
  const own = OWN[code];
  if (own) return new ApplicationError(own, error.message, { members: members(error.details) });
  if (isAway(code, status)) {
    return new ApplicationError("database_unavailable", "Try again in a moment.", {
      headers: RETRY_AFTER,
      cause: error,
    });
  }
  const foreign = FOREIGN[code];
  if (foreign) return new ApplicationError(foreign.code, foreign.detail, { cause: error });
  return new ApplicationError("internal_error", "The request could not be completed.", {
    cause: error,
  });
}

function isAway(code: string, status: number): boolean {
  // PostgREST has no code to give when PostgreSQL dies in the middle of a query.
  return code === "" || AWAY.test(code) || status === 0 || status === 502 || status === 503 ||
    status === 504;
}

function members(details: string | null | undefined): Record<string, unknown> {
  if (!details) return {};
  try {
    const parsed: unknown = JSON.parse(details);
    // Our SQL writes a JSON object as detail; anything else carries no members.
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An answer of supabase-js, good or bad. */
interface Answer {
  data: unknown;
  error: DatabaseError | null;
  status: number;
}

/** The data of a supabase-js answer; throws the {@link ApplicationError} that its error means. */
export function dataOf<A extends Answer>(answer: A): Extract<A, { error: null }>["data"] {
  if (answer.error) throw databaseError(answer.error, answer.status);
  return answer.data;
}
