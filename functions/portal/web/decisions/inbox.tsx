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

/** What a list asks for, and says when there is nothing. */
const lists = {
  inbox: { query: { status: OPEN, limit: 1000 }, none: "Nothing waits for you" },
  review: { query: { review: "waiting", limit: 1000 }, none: "Nothing waits for a review" },
  settled: { query: { limit: 200 }, none: "Nothing is settled yet" },
};
export type ListName = keyof typeof lists;

/** Milliseconds between two looks. */
const LOOK = 3_000;
/** Cards that call what they are about by its name. */
const NAMED = 25;

/** The decisions of a list. */
export function useDecisions(list: ListName, agent?: string) {
  const { api, staff } = usePortal();
  return useQuery({
    queryKey: ["decisions", list, agent],
    enabled: staff,
    refetchInterval: LOOK,
    queryFn: async () => {
      const { decisions } = await api.get<Page>("agents/decisions", {
        agent,
        ...lists[list].query,
      });
      return list === "inbox"
        ? decisions.toSorted((a, b) => Date.parse(deadlineOf(a)) - Date.parse(deadlineOf(b)))
        : decisions.filter(({ status }) => status !== OPEN);
    },
  });
}

/** The decisions, those that end soonest first; the chosen one beside them. */
export function Inbox({ list, agent, chosen }: {
  list: ListName;
  /** Only of this agent. */
  agent: string | undefined;
  chosen: string | undefined;
}) {
  const { data, error, refetch } = useDecisions(list, agent);
  // The first stays chosen when it is answered or others come: no other slips in under the keys.
  const [first, hold] = useState(data?.[0]?.id);
  if (first === undefined && data?.[0]) hold(data[0].id);
  const id = chosen ?? first;
  const move = useEffectEvent((step: number) => {
    const here = data?.findIndex((one) => one.id === id) ?? -1;
    const next = data?.[Math.min(Math.max(here + step, 0), (data?.length ?? 1) - 1)];
    if (next) go(linkTo(["decisions", list, next.id], { agent }), { replace: true });
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
            href={linkTo(["decisions", list])}
            aria-label={`Take away the filter Agent ${agent}`}
          >
            Agent: <bdi>{agent}</bdi> <span aria-hidden>✕</span>
          </a>
        )}
        {data.length === 0 && (
          <Nothing title={lists[list].none}>
            <p>
              {list === "review"
                ? "Of what agents did alone, some is drawn to be judged by a person."
                : "What agents propose appears here by itself."}
            </p>
          </Nothing>
        )}
        <ul className="stack tight" aria-label="Decisions">
          {data.map((decision, index) => (
            <InboxItem
              key={decision.id}
              decision={decision}
              link={linkTo(["decisions", list, decision.id], { agent })}
              open={list === "inbox"}
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
