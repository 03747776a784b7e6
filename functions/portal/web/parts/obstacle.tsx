import { useQuery } from "@tanstack/react-query";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { linkTo } from "../router.ts";
import { usePortal } from "../session/context.ts";
import { LongText } from "./long_text.tsx";

interface Place {
  aggregate_type: string;
  aggregate_id: string;
}

/** Milliseconds between two looks. */
const LOOK = 3_000;

/** The failed event for which an aggregate waits; null when there is none. */
export function useObstacle({ aggregate_type, aggregate_id }: Place, enabled = true) {
  const { api } = usePortal();
  const { data } = useQuery({
    queryKey: ["obstacle", aggregate_type, aggregate_id],
    enabled,
    refetchInterval: LOOK,
    queryFn: async () => {
      const query = { aggregate_type, aggregate_id, failed: true, order: "asc", limit: 1 };
      return (await api.get<{ events: StoredEvent[] }>("events", query)).events[0] ?? null;
    },
  });
  return data ?? null;
}

/** Says behind which event something waits, and why that one has failed. */
export function Behind({ what, obstacle }: { what: string; obstacle: StoredEvent }) {
  return (
    <p className="notice warn">
      <span>
        {what} behind{" "}
        <a href={linkTo(["event", obstacle.id])}>event {obstacle.event_number}</a>, which has
        failed: <LongText text={obstacle.processing_error ?? ""} shown={300} />
      </span>
      <span>Retry or skip that one first.</span>
    </p>
  );
}
