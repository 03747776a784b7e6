import { useQuery } from "@tanstack/react-query";
import { shortId } from "../parts/short_id.ts";
import { usePortal } from "../session/context.ts";
import type { ProposedEvent } from "./decision.ts";
import { gistOf } from "./gist.ts";

/** Fields by which people know a thing, the best first. */
const NAMES = ["name", "sku", "order_number", "email"];

/** What an event is about, by its name when it has one, and what it changes. */
export function Target({ event, named = true }: {
  event: ProposedEvent;
  /** Whether to look the name up. */
  named?: boolean;
}) {
  const { api } = usePortal();
  const { aggregate_type, aggregate_id } = event;
  const { data: name } = useQuery({
    queryKey: ["name of", aggregate_type, aggregate_id],
    enabled: named,
    staleTime: 300_000,
    queryFn: async () => {
      const path = [aggregate_type, aggregate_id].map(encodeURIComponent).join("/");
      const { state } = await api.get<{ state: Record<string, unknown> | null }>(
        `events/aggregate/${path}/state`,
      );
      const names = NAMES.map((field) => state?.[field]);
      return names.find((value) => typeof value === "string" && value !== "") ?? null;
    },
  });
  return (
    <>
      <bdi>
        {typeof name === "string"
          ? name.slice(0, 120)
          : `${aggregate_type} ${shortId(aggregate_id)}`}
      </bdi>
      : <bdi>{gistOf(event)}</bdi>
    </>
  );
}
