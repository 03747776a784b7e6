import { callSql } from "../../database/call_sql.ts";
import type { DatabaseClient } from "../../database/client.ts";
import type { Policy } from "../policy.ts";
import type { Case } from "./calibration.ts";
import { judge, type Verdict } from "./verdict.ts";

/** The level from which an agent acts without people's approval. */
const AUTONOMOUS = 2;
const HIGHEST = 4;

interface DueReview {
  agent: string;
  decision_type: string;
  policy: Policy;
  cases: Case[];
}

type Done = "promotion" | "withdrawal" | "demotion";

/** How many records were looked at, and what followed. */
export interface Reviewed {
  reviewed: number;
  promotions: number;
  /** Promotions that waited for a signature, and are earned no more. */
  withdrawals: number;
  demotions: number;
}

/**
 * Looks at every record that has a new case: proposes a promotion to people where it is earned, and
 * takes
 * that back where it no more is, and ends autonomy where the latest cases drift. `database` is the admin client. May run anywhere, at
 * any time, twice at once.
 */
export async function reviewRecords(database: DatabaseClient): Promise<Reviewed> {
  const due = await callSql<DueReview[]>(database, "due_record_reviews", {});
  const reviewed: Reviewed = { reviewed: due.length, promotions: 0, withdrawals: 0, demotions: 0 };
  for (const { agent, decision_type, policy, cases } of due) {
    const verdict = judge(cases);
    const done = await callSql<Done | null>(database, "close_record_review", {
      p_agent: agent,
      p_decision_type: decision_type,
      p_policy_version: policy.version,
      p_cases: cases.length,
      p_verdict: stepOf(policy.level, verdict),
      p_record: figures(verdict),
    });
    if (done) reviewed[`${done}s`]++;
  }
  return reviewed;
}

/** What a record at a level of autonomy leads to. Pure. */
export function stepOf(level: number, verdict: Verdict): "promotion" | "drift" | null {
  if (verdict.drifting) return level >= AUTONOMOUS ? "drift" : null;
  return level < HIGHEST && verdict.missing.length === 0 ? "promotion" : null;
}

function figures({ cases, successes, lower_bound, brier_score, calibration_error }: Verdict) {
  return { cases, successes, lower_bound, brier_score, calibration_error };
}
