import { useQuery } from "@tanstack/react-query";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { Copy } from "../parts/copy.tsx";
import { JsonTree } from "../parts/json_tree.tsx";
import { Loading, Nothing, Trouble } from "../parts/notice.tsx";
import { ProcessingTag } from "../parts/processing_tag.tsx";
import { When } from "../parts/when.tsx";
import { linkTo, type Route } from "../router.ts";
import { usePortal } from "../session/context.ts";
import { curlOf } from "./curl.ts";
import { EventChanges } from "./event_changes.tsx";
import { EventFacts } from "./event_facts.tsx";
import { FromPrevious } from "./from_previous.tsx";
import { Processing } from "./processing.tsx";
import { TraceTree } from "./trace_tree.tsx";

/** Milliseconds between two looks while it waits to be processed. */
const LOOK = 1_500;

export default function EventScreen({ route }: { route: Route }) {
  const { api } = usePortal();
  const id = route.path[1] ?? "";
  const { data: event, error, refetch } = useQuery({
    queryKey: ["event", id],
    queryFn: () => api.get<StoredEvent>(`events/${encodeURIComponent(id)}`),
    refetchInterval: ({ state }) => state.data?.processed === false && LOOK,
  });
  if (error && !event) {
    return (
      <div className="screen">
        <Trouble error={error} retry={refetch} />
      </div>
    );
  }
  if (!event) {
    return (
      <div className="screen">
        <Loading what="the event" />
      </div>
    );
  }
  return <Event event={event} />;
}

function Event({ event }: { event: StoredEvent }) {
  const { config } = usePortal();
  return (
    <div className="screen">
      <header>
        <div className="stack tight">
          <div className="row">
            <h1>{event.event_type}</h1>
            <ProcessingTag event={event} />
          </div>
          <p className="quiet">
            Event {event.event_number} · version {event.aggregate_version} of{" "}
            <a href={linkTo(["aggregate", event.aggregate_type, event.aggregate_id])}>
              {event.aggregate_type} {event.aggregate_id}
            </a>{" "}
            · <When at={event.created_at} />
          </p>
        </div>
        <div className="row">
          <a
            className="button"
            href={linkTo(["aggregate", event.aggregate_type, event.aggregate_id], {
              corrects: event.id,
            })}
          >
            Correct it…
          </a>
          <Copy text={curlOf(config.url, event)}>Copy as curl</Copy>
          <Copy text={JSON.stringify(event, null, 2)}>Copy JSON</Copy>
        </div>
      </header>
      <div className="columns">
        <div className="stack">
          <section className="card">
            <h2>Data</h2>
            <JsonTree value={event.data} />
            {Object.keys(event.data).length === 0 && <p className="quiet">It carries none.</p>}
          </section>
          <EventChanges event={event} />
          <FromPrevious event={event} />
          <TraceTree event={event} />
        </div>
        <div className="stack">
          <EventFacts event={event} />
          <Processing event={event} />
          <section className="card">
            <h2>Metadata</h2>
            {Object.keys(event.metadata).length > 0
              ? <JsonTree value={event.metadata} />
              : <Nothing title="None" />}
          </section>
        </div>
      </div>
    </div>
  );
}
