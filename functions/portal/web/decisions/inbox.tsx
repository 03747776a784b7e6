import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { Loading, Nothing, Trouble } from "../parts/notice.tsx";
import { go, linkTo } from "../router.ts";
import { usePortal } from "../session/context.ts";
import { deadlineOf, type Decision, OPEN } from "./decision.ts";
import { DecisionCard } from "./decision_card.tsx";
import { InboxItem } from "./inbox_item.tsx";

interface Page {
  decisions: Decision[];
}

/** Milliseconds between two looks. */
const LOOK = 3_000;
/** Cards that call what they are about by its name. */
const NAMED = 25;

/** The decisions, those that end soonest first; the chosen one beside them. */
export function Inbox({ settled, agent, chosen }: {
  settled: boolean;
  /** Only of this agent. */
  agent: string | undefined;
  chosen: string | undefined;
}) {
  const { api } = usePortal();
  const { data, error, refetch } = useQuery({
    queryKey: ["decisions", settled, agent],
    refetchInterval: LOOK,
    queryFn: async () => {
      const query = { agent, ...settled ? { limit: 200 } : { status: OPEN, limit: 1000 } };
      const { decisions } = await api.get<Page>("agents/decisions", query);
      return settled
        ? decisions.filter(({ status }) => status !== OPEN)
        : decisions.toSorted((a, b) => Date.parse(deadlineOf(a)) - Date.parse(deadlineOf(b)));
    },
  });
  const tab = settled ? "settled" : "inbox";
  // The first stays chosen when it is answered or others come: no other slips in under the keys.
  const [first, hold] = useState(data?.[0]?.id);
  if (first === undefined && data?.[0]) hold(data[0].id);
  const id = chosen ?? first;
  const move = useEffectEvent((step: number) => {
    const here = data?.findIndex((one) => one.id === id) ?? -1;
    const next = data?.[Math.min(Math.max(here + step, 0), (data?.length ?? 1) - 1)];
    if (next) go(linkTo(["decisions", tab, next.id], { agent }), { replace: true });
  });
  useEffect(() => {
    function pressed(event: KeyboardEvent) {
      if (event.target instanceof HTMLElement && event.target.matches("input, textarea, select")) {
        return;
      }
      if (event.ctrlKey || event.metaKey || document.querySelector("[role=dialog]")) return;
      if (event.key === "j" || event.key === "ArrowDown") move(1);
      if (event.key === "k" || event.key === "ArrowUp") move(-1);
    }
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
  if (error && !data) return <Trouble error={error} retry={refetch} />;
  if (!data) return <Loading what="decisions" />;
  return (
    <div className="inbox">
      <div className="stack tight">
        {agent !== undefined && (
          <a
            className="tag"
            href={linkTo(["decisions", tab])}
            aria-label={`Take away the filter Agent ${agent}`}
          >
            Agent: <bdi>{agent}</bdi> <span aria-hidden>✕</span>
          </a>
        )}
        {data.length === 0 && (
          <Nothing title={settled ? "Nothing is settled yet" : "Nothing waits for you"}>
            <p>What agents propose appears here by itself.</p>
          </Nothing>
        )}
        <ul className="stack tight" aria-label="Decisions">
          {data.map((decision, index) => (
            <InboxItem
              key={decision.id}
              decision={decision}
              link={linkTo(["decisions", tab, decision.id], { agent })}
              open={!settled}
              chosen={decision.id === id}
              named={index < NAMED}
            />
          ))}
        </ul>
      </div>
      {id && <DecisionCard key={id} id={id} chosen={id === chosen} />}
    </div>
  );
}
