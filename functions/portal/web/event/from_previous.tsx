import { useQuery } from "@tanstack/react-query";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { Diff } from "../parts/diff.tsx";
import { Loading, Trouble } from "../parts/notice.tsx";
import { linkTo } from "../router.ts";
import { usePortal } from "../session/context.ts";

/** How its data differs from that of the aggregate's previous event. */
export function FromPrevious({ event }: { event: StoredEvent }) {
  const { api } = usePortal();
  const { aggregate_type, aggregate_id, aggregate_version } = event;
  const { data: previous, error, refetch } = useQuery({
    queryKey: ["previous", event.id],
    enabled: aggregate_version > 1,
    staleTime: Infinity, // events never change
    queryFn: async () => {
      const path = `events/aggregate/${aggregate_type}/${aggregate_id}/history`;
      const query = { cursor: aggregate_version - 2, limit: 1 };
      return (await api.get<{ events: StoredEvent[] }>(path, query)).events[0] ?? null;
    },
  });
  return (
    <section className="card">
      <h2>Against the previous event of this {aggregate_type}</h2>
      {aggregate_version === 1 && <p className="quiet">It is the first one.</p>}
      {error && <Trouble error={error} retry={refetch} />}
      {aggregate_version > 1 && previous === undefined && !error && <Loading what="it" />}
      {previous === null && <p className="quiet">It is not yours to see.</p>}
      {previous && (
        <>
          <p>
            <a href={linkTo(["event", previous.id])}>
              {previous.event_number} {previous.event_type}
            </a>
          </p>
          {previous.event_type === event.event_type
            ? <Diff before={previous.data} after={event.data} />
            : <p className="quiet">It is of another type: their data have nothing to compare.</p>}
        </>
      )}
    </section>
  );
}
