import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Loading, Trouble } from "../parts/notice.tsx";
import { Actor } from "../parts/actor.tsx";
import { counted } from "../parts/counted.ts";
import { useInSight } from "../parts/in_sight.ts";
import { LongText } from "../parts/long_text.tsx";
import { shortId } from "../parts/short_id.ts";
import { When } from "../parts/when.tsx";
import { linkTo } from "../router.ts";
import { usePortal } from "../session/context.ts";
import { Answers } from "./answers.tsx";
import { gistOf } from "./gist.ts";
import { isDone, levels, limitsOf, OPEN, type StandingDecision } from "./decision.ts";
import { effectOf } from "./inbox_item.tsx";
import { Outcome } from "./outcome.tsx";
import { Result } from "./result.tsx";
import { Stops } from "./stops.tsx";
import { TakeBack } from "./take_back.tsx";
import { Target } from "./target.tsx";

/** Everything one needs to answer: why, on what grounds, what would be, why it is allowed. */
export function DecisionCard({ id, chosen }: {
  id: string;
  /** Whether somebody chose it: it is brought into sight. */
  chosen: boolean;
}) {
  const { api } = usePortal();
  const [done, setDone] = useState<string | null>(null);
  const { data: decision, error, refetch } = useQuery({
    queryKey: ["decision", id],
    queryFn: () => api.get<StandingDecision>(`agents/decisions/${encodeURIComponent(id)}`),
    refetchInterval: 3_000,
  });
  const card = useInSight<HTMLElement>(chosen && decision ? id : undefined);
  if (error && !decision) return <Trouble error={error} retry={refetch} />;
  if (!decision) return <Loading what="the decision" />;
  const { agent, decision_type, confidence, expected_effect, evidence, compensation } = decision;
  const { proposed_events } = decision;
  const open = decision.status === OPEN;
  const [first] = proposed_events;
  function answered(done: string) {
    setDone(done);
    // After the dialog has closed: its button is gone, and no other decision takes the keys.
    requestAnimationFrame(() => card.current?.focus());
  }
  return (
    <section ref={card} tabIndex={-1} className="card" aria-label="The decision">
      <div className="row spread">
        <h2>
          {decision_type.replaceAll("_", " ")} <span className="tag">{decision.status}</span>
        </h2>
        <a href={linkTo(["aggregate", "agent_decision", id])}>History</a>
      </div>
      <div role="status">
        {done && first && (
          <p className="notice">
            <span>
              {done}: <Target event={first} />
            </span>
          </p>
        )}
      </div>
      {first && (
        <p>
          <Target event={first} />
          {proposed_events.length > 1 &&
            `, the first of ${counted(proposed_events.length, "event")}`}
        </p>
      )}
      <p className="lines">
        <LongText text={decision.rationale} />
      </p>
      <dl className="facts">
        <dt>Agent</dt>
        <dd>
          <a href={linkTo(["decisions", "agents", agent])}>{agent}</a>
        </dd>
        <dt>Confidence</dt>
        <dd>
          <meter min={0} max={1} value={confidence} aria-label="Confidence" />{" "}
          {Math.round(confidence * 100)} %
        </dd>
        {expected_effect && (
          <>
            <dt>Expected effect</dt>
            <dd>{effectOf(expected_effect)}</dd>
          </>
        )}
        <dt>Proposed</dt>
        <dd>
          <Actor name={decision.proposed_by} />, <When at={decision.created_at} />
        </dd>
        <dt>Evidence</dt>
        <dd>
          {evidence.length === 0
            ? "none"
            : evidence.slice(0, 20).map((event, index) => (
              <span key={event}>
                {index > 0 && ", "}
                <a href={linkTo(["event", event])}>{shortId(event)}</a>
              </span>
            ))}
          {evidence.length > 20 && ` and ${evidence.length - 20} more`}
        </dd>
        <dt>Can be taken back</dt>
        <dd>
          {compensation === null
            ? "no: nothing that would undo it is named"
            : `by ${counted(compensation.length, "event")}: ${
              compensation.slice(0, 5).map((event) => `${event.event_type} (${gistOf(event)})`)
                .join("; ")
            }${compensation.length > 5 ? "; …" : ""}`}
        </dd>
        <dt>Why allowed</dt>
        <dd>
          <WhyAllowed decision={decision} />
        </dd>
        {decision.edited_by && (
          <>
            <dt>Edited</dt>
            <dd>
              <Actor name={decision.edited_by} />
            </dd>
          </>
        )}
        {decision.decided_at && (
          <>
            <dt>Answered</dt>
            <dd>
              {decision.decided_by && <Actor name={decision.decided_by} />}{" "}
              <When at={decision.decided_at} /> {decision.reason_code}
              {decision.decision_note && (
                <>
                  “<LongText text={decision.decision_note} />”
                </>
              )}
            </dd>
          </>
        )}
        {decision.compensated_by && (
          <>
            <dt>Taken back</dt>
            <dd>
              <Actor name={decision.compensated_by} />{" "}
              “<LongText text={decision.compensation_reason ?? ""} />”
            </dd>
          </>
        )}
      </dl>
      {open && <Answers decision={decision} onDone={answered} />}
      {isDone(decision) && (
        <>
          <Outcome decision={decision} />
          <TakeBack decision={decision} onDone={answered} />
        </>
      )}
      <Result decision={decision} open={open} />
    </section>
  );
}

function WhyAllowed({ decision }: { decision: StandingDecision }) {
  const { agent, status, standing, held, approvals, approved_by, level, policy_version } = decision;
  const open = status === OPEN; // once executed, what has moved its targets is the decision itself
  const { policy, stopped, targets, evidence_replaced } = standing;
  const wanted = open ? Math.max(approvals, policy?.approvals ?? 0) : approvals;
  const moved = targets.filter(({ moved }) => moved && open);
  return (
    <ul>
      <li>
        Proposed at level {levels[level] ?? level}
        {policy?.version === policy_version && `, ${limitsOf(policy)}`}
      </li>
      {open && policy && policy.version !== policy_version && (
        <li>The policy has changed since: level {levels[policy.level] ?? policy.level}.</li>
      )}
      {!policy && <li>No policy allows it any more.</li>}
      <li>{open ? standing.approvals : approved_by.length} of {wanted} approvals</li>
      {held && <li>It waits for people because of {held.replaceAll("_", " ")}.</li>}
      {stopped && (
        <li className="bad">
          <Stops agent={agent} />
        </li>
      )}
      {moved.map((target) => (
        <li key={target.aggregate_id} className="bad">
          <a href={linkTo(["aggregate", target.aggregate_type, target.aggregate_id])}>
            {target.aggregate_type} {shortId(target.aggregate_id)}
          </a>{" "}
          has moved: version {target.version} was read, it is at {target.current_version}.
        </li>
      ))}
      {open && evidence_replaced && (
        <li className="bad">Settings that it rests on, such as pricing rules, were replaced.</li>
      )}
      {open && moved.length === 0 && !evidence_replaced && <li>What it read still holds.</li>}
    </ul>
  );
}
