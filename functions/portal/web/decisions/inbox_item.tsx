import { When } from "../parts/when.tsx";
import { linkTo } from "../router.ts";
import { deadlineOf, type Decision } from "./decision.ts";
import { Target } from "./target.tsx";

/** A decision on three lines: what kind, what it changes, who proposes it. */
export function InboxItem({ decision, tab, chosen, named }: {
  decision: Decision;
  tab: string;
  chosen: boolean;
  /** Whether what it is about is called by its name. */
  named: boolean;
}) {
  const { id, agent, decision_type, status, confidence, expected_effect, veto_until } = decision;
  const open = tab === "inbox";
  const [first] = decision.proposed_events;
  return (
    <li>
      <a
        className="inbox-item"
        href={linkTo(["decisions", tab, id])}
        aria-current={chosen ? "true" : undefined}
      >
        <span className="row spread">
          <strong>{decision_type.replaceAll("_", " ")}</strong>
          <span className={`tag ${open ? "warn" : ""}`}>
            {open
              ? (
                <>
                  {veto_until ? "done" : "ends"} <When at={deadlineOf(decision)} />
                </>
              )
              : status}
          </span>
        </span>
        {first && (
          <span>
            <Target event={first} named={named} />
          </span>
        )}
        <span className="row spread">
          <span className="quiet">
            {agent} · {Math.round(confidence * 100)} % sure · {decision.proposed_events.length}{" "}
            {decision.proposed_events.length === 1 ? "event" : "events"}
          </span>
          {expected_effect && <span>{effectOf(expected_effect)}</span>}
        </span>
      </a>
    </li>
  );
}

/** `+120 margin`, over how many days. */
export function effectOf(
  { metric, amount, horizon_days }: NonNullable<Decision["expected_effect"]>,
): string {
  const sign = amount > 0 ? "+" : "";
  return `${sign}${amount.toLocaleString("en")} ${
    metric.replaceAll("_", " ")
  } in ${horizon_days} d`;
}
