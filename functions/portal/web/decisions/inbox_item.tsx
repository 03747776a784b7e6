import { useEffect, useRef } from "react";
import { counted } from "../parts/counted.ts";
import { When } from "../parts/when.tsx";
import { deadlineOf, type Decision } from "./decision.ts";
import { Target } from "./target.tsx";

/** A decision on three lines: what kind, what it changes, who proposes it. */
export function InboxItem({ decision, link, open, chosen, named }: {
  decision: Decision;
  link: string;
  /** Whether it waits for people. */
  open: boolean;
  chosen: boolean;
  /** Whether what it is about is called by its name. */
  named: boolean;
}) {
  const { agent, decision_type, status, confidence, expected_effect, veto_until } = decision;
  const [first] = decision.proposed_events;
  const item = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (chosen) item.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <li>
      <a
        ref={item}
        className="inbox-item"
        href={link}
        aria-current={chosen ? "true" : undefined}
      >
        <span className="row spread">
          <strong>{decision_type.replaceAll("_", " ")}</strong>
          {decision.review === "waiting" && <span className="tag warn">to review</span>}
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
            {agent} · {Math.round(confidence * 100)} % sure ·{" "}
            {counted(decision.proposed_events.length, "event")}
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
