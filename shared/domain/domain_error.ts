/** Why the domain refused an event. Stable: people and dashboards read it. */
export type DomainErrorCode =
  | "already_created"
  | "decision_expired"
  | "endless_effects"
  | "impossible_transition"
  | "invalid_effect"
  | "invalid_event_data"
  | "not_yet_created"
  | "out_of_range"
  | "own_decision"
  | "refund_exceeds_payment"
  | "total_mismatch"
  | "unknown_item"
  | "version_hole"
  | "wrong_aggregate";

/**
 * An event that cannot be applied, now or on any retry: the stored facts contradict each other.
 * The Database Manager parks the event for people; nothing else may swallow it.
 */
export class DomainError extends Error {
  override readonly name = "DomainError";

  constructor(readonly code: DomainErrorCode, message: string) {
    super(message);
  }
}
