import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { Diff } from "../parts/diff.tsx";
import { JsonTree } from "../parts/json_tree.tsx";
import { Loading, Trouble } from "../parts/notice.tsx";
import { linkTo } from "../router.ts";
import { usePortal } from "../session/context.ts";

interface Folded {
  version: number;
  state: Record<string, unknown> | null;
  blocked_by: { event_number: number; event_id: string; code: string; detail: string } | null;
}

/** The state as it was at a version, and what that version changed. */
export function Moment({ type, id, history, version }: {
  type: string;
  id: string;
  history: readonly StoredEvent[];
  version: number;
}) {
  const now = useStateAt(type, id, version);
  const before = useStateAt(type, id, version - 1);
  const event = history[version - 1];
  if (now.error) return <Trouble error={now.error} retry={now.refetch} />;
  if (!now.data || (version > 1 && !before.data)) return <Loading what="the state" />;
  const { state, blocked_by } = now.data;
  const old = now.isPlaceholderData || before.isPlaceholderData && version > 1;
  const refused = blocked_by && blocked_by.event_number <= (event?.event_number ?? 0);
  return (
    <div className={`stack ${old ? "old" : ""}`} aria-busy={old}>
      {blocked_by && (
        <p className={`notice ${refused ? "bad" : "warn"}`}>
          <span>
            <a href={linkTo(["event", blocked_by.event_id])}>Event {blocked_by.event_number}</a>
            {" "}
            is refused ({blocked_by.code}): <bdi>{blocked_by.detail}</bdi>
          </span>
        </p>
      )}
      {event && !event.processed && !refused && (
        <p className="notice warn">
          Version {version} is not processed yet: the state tables do not have it.
        </p>
      )}
      <section className="card" aria-label="What changed">
        <h2>
          What {event
            ? <a href={linkTo(["event", event.id])}>{event.event_type}</a>
            : `version ${version}`} {event && !event.processed ? "would change" : "changed"}
        </h2>
        <Diff before={version > 1 ? before.data?.state ?? {} : {}} after={state ?? {}} />
      </section>
      <section className="card" aria-label="State">
        <h2>State at version {version}</h2>
        {state === null
          ? (
            <p className="quiet">
              None: this type has no state table, or its first event is refused.
            </p>
          )
          : <JsonTree value={state} />}
      </section>
    </div>
  );
}

function useStateAt(type: string, id: string, version: number) {
  const { api } = usePortal();
  return useQuery({
    queryKey: ["state", type, id, version],
    enabled: version > 0,
    staleTime: 30_000,
    placeholderData: keepPreviousData,
    queryFn: () =>
      api.get<Folded>(
        `events/aggregate/${encodeURIComponent(type)}/${encodeURIComponent(id)}/state`,
        { at_version: version },
      ),
  });
}
