import { useQuery } from "@tanstack/react-query";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { Changes, type RowChange } from "../parts/changes.tsx";
import { counted } from "../parts/counted.ts";
import { Loading, Trouble } from "../parts/notice.tsx";
import { usePortal } from "../session/context.ts";

/** The rows of the state tables that the event changed, before and after. */
export function EventChanges({ event }: { event: StoredEvent }) {
  return (
    <section className="card">
      <h2>Rows it changed</h2>
      <Rows event={event} />
    </section>
  );
}

interface Page {
  readonly changes: readonly RowChange[];
  /** Where more begin; null when these are all. */
  readonly next: number | null;
}

function Rows({ event }: { event: StoredEvent }) {
  const { api, staffOnly } = usePortal();
  const { data, error, refetch } = useQuery({
    queryKey: ["changes", event.id, event.processed],
    queryFn: () => api.get<Page>(`database-manager/events/${event.id}/changes`),
    enabled: staffOnly === null,
  });
  if (staffOnly) return <p className="quiet">{staffOnly}</p>;
  if (error) return <Trouble error={error} retry={refetch} />;
  if (!data) return <Loading what="the rows" />;
  if (data.changes.length > 0) {
    return (
      <>
        <Changes changes={data.changes} />
        {data.next !== null && (
          <p className="quiet">The first {counted(data.changes.length, "row")}.</p>
        )}
      </>
    );
  }
  return (
    <p className="quiet">
      {event.processed
        ? "None: it was skipped, or its type changes no state."
        : "None yet: it has not been processed."}
    </p>
  );
}
