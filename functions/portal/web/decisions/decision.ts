/** An event that a decision would post. */
export interface ProposedEvent {
  event_type: string;
  aggregate_type: string;
  aggregate_id: string;
  data: Readonly<Record<string, unknown>>;
}

/** A decision, as `GET /agents/decisions` lists it. */
export interface Decision {
  id: string;
  version: number;
  created_at: string;
  agent: string;
  decision_type: string;
  status: string;
  proposed_events: ProposedEvent[];
  compensation: ProposedEvent[] | null;
  evidence: string[];
  confidence: number;
  rationale: string;
  expected_effect: { metric: string; amount: number; horizon_days: number } | null;
  level: number;
  policy_version: number;
  approvals: number;
  approved_by: string[];
  expires_at: string;
  veto_until: string | null;
  held: string | null;
  proposed_by: string;
  edited_by: string | null;
  decided_by: string | null;
  decided_at: string | null;
  reason_code: string | null;
  decision_note: string | null;
  /** Of those drawn for review: whether a person has judged it. */
  review: "waiting" | "done" | null;
  outcome: string | null;
  compensated_by: string | null;
  compensation_reason: string | null;
}

/** With how it stands now. */
export interface StandingDecision extends Decision {
  standing: {
    targets: {
      aggregate_type: string;
      aggregate_id: string;
      version: number;
      /** Types of events that count; absent: any. */
      depends_on?: string[];
      current_version: number;
      /** By an event that the decision depends on. */
      moved: boolean;
    }[];
    /** Of people who still are staff. */
    approvals: number;
    policy: Policy | null;
    stopped: boolean;
    /** It rests on settings that were replaced. */
    evidence_replaced: boolean;
  };
}

/** What an agent may do in one type of decision. */
export interface Policy {
  agent: string;
  decision_type: string;
  level: number;
  event_types?: string[];
  limits: { max_amount?: number; max_percent?: number; max_per_day?: number };
  approvals: number;
  time_to_live_seconds: number;
  veto_seconds: number;
  review_share: number;
  version: number;
  since: string;
}

export const levels = [
  "0 shadow: only recorded",
  "1 propose: people approve",
  "2 veto window: done unless somebody objects",
  "3 auto within limits",
  "4 auto with sampled review",
] as const;

/** The status in which a decision waits for people. */
export const OPEN = "proposed";

/** Whether it was carried out, and not taken back. */
export function isDone({ status }: Decision): boolean {
  return status === "executed" || status === "measured";
}

/** When silence answers: the sooner, the more urgent. */
export function deadlineOf({ veto_until, expires_at }: Decision): string {
  return veto_until ?? expires_at;
}

/** Times and shares in words, those that its level uses. */
export function timesOf(policy: Policy): string {
  const hours = (seconds: number) => `${(seconds / 3600).toLocaleString("en")} h`;
  return [
    `${hours(policy.time_to_live_seconds)} to answer`,
    policy.level === 2 && `${hours(policy.veto_seconds)} to object`,
    policy.level === 4 && `${policy.review_share * 100} % reviewed`,
  ].filter(Boolean).join(", ");
}

/** Limits in words. */
export function limitsOf({ limits }: Policy): string {
  const words = [
    limits.max_amount !== undefined && `${limits.max_amount} in amount`,
    limits.max_percent !== undefined && `${limits.max_percent} %`,
    limits.max_per_day !== undefined && `${limits.max_per_day} a day`,
  ].filter(Boolean);
  return words.length > 0 ? `at most ${words.join(", ")}` : "no limits";
}
