import { useQuery } from "@tanstack/react-query";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { Actor } from "../parts/actor.tsx";
import { LongText } from "../parts/long_text.tsx";
import { When } from "../parts/when.tsx";
import { linkTo } from "../router.ts";
import { usePortal } from "../session/context.ts";

/** The event by which an agent, or without a name all of them, stands still by that name; null when none does. */
export function useStop(agent?: string) {
  const { api, staff } = usePortal();
  return useQuery({
    queryKey: ["agents", "stop", agent ?? null],
    enabled: staff,
    refetchInterval: 5_000,
    queryFn: async () => {
      const { events: [latest] } = await api.get<{ events: StoredEvent[] }>("events", {
        aggregate_type: "agent",
        event_type: agent === undefined ? "agent.all_*" : "agent.*",
        data: agent === undefined ? undefined : JSON.stringify({ agent }),
        limit: 1,
      });
      return latest?.event_type.endsWith("stopped") ? latest : null;
    },
  });
}

/** Who stopped an agent, when and why: by its name, or with all others. */
export function Stops({ agent }: { agent: string }) {
  const own = useStop(agent).data;
  const all = useStop().data;
  return (
    <>
      {own && <Stop what="The agent is stopped" event={own} />}{" "}
      {all && <Stop what="All agents are stopped" event={all} />}
    </>
  );
}

function Stop({ what, event }: { what: string; event: StoredEvent }) {
  return (
    <span>
      {what}: <Actor name={event.created_by} />,{" "}
      <a href={linkTo(["event", event.id])}>
        <When at={event.created_at} />
      </a>, “<LongText text={`${event.data.reason}`} shown={500} />”
    </span>
  );
}
