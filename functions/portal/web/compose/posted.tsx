import { useQuery } from "@tanstack/react-query";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { LongText } from "../parts/long_text.tsx";
import { linkTo } from "../router.ts";
import { usePortal } from "../session/context.ts";

/** Milliseconds between two looks. */
const LOOK = 3_000;

/** That an event is in the log, and whether the state tables have it yet. */
export function Posted({ event: stored }: { event: StoredEvent }) {
  const { api } = usePortal();
  const { data: event } = useQuery({
    queryKey: ["posted", stored.id],
    initialData: stored,
    queryFn: () => api.get<StoredEvent>(`events/${stored.id}`),
    refetchInterval: ({ state }) => state.data?.processed ? false : LOOK,
  });
  const { id, event_number, event_type, processed, processing_error } = event;
  return (
    <p role="status" className={`notice ${processed ? "" : "warn"}`}>
      <span>
        Posted: <a href={linkTo(["event", id])}>{event_number} {event_type}</a>.
        {!processed && (processing_error === null ? " It is not processed yet." : (
          <>
            {" "}It has failed: <LongText text={processing_error} shown={300} />
          </>
        ))}
      </span>
    </p>
  );
}
