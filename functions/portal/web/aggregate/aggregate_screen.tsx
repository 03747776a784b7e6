import { useQuery } from "@tanstack/react-query";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { Composer } from "../compose/composer.tsx";
import { Loading, Trouble } from "../parts/notice.tsx";
import { go, linkTo, type Route } from "../router.ts";
import { usePortal } from "../session/context.ts";
import { History } from "./history.tsx";
import { Moment } from "./moment.tsx";
import { TimeSlider } from "./time_slider.tsx";

/** Milliseconds between two looks for new events. */
const LOOK = 4_000;

export default function AggregateScreen({ route }: { route: Route }) {
  const { api, events: client } = usePortal();
  const [, type = "", id = ""] = route.path;
  const { data: history, error, refetch } = useQuery({
    queryKey: ["history", type, id],
    queryFn: async ({ client: queries, queryKey }) => {
      const known = queries.getQueryData<readonly StoredEvent[]>(queryKey) ?? [];
      const open = known.find(({ processed }) => !processed)?.aggregate_version;
      if (known.length === 0 || open !== undefined) return await client.history(type, id);
      const { events } = await api.get<{ events: StoredEvent[] }>(
        `events/aggregate/${encodeURIComponent(type)}/${encodeURIComponent(id)}/history`,
        { cursor: known.length, limit: 1000 },
      );
      return [...known, ...events];
    },
    refetchInterval: LOOK,
  });
  if (error && !history) {
    return (
      <div className="screen">
        <Trouble error={error} retry={refetch} />
      </div>
    );
  }
  if (!history) {
    return (
      <div className="screen">
        <Loading what="the history" />
      </div>
    );
  }
  const version = Math.min(Number(route.query.get("version")) || history.length, history.length);
  const corrected = history.find(({ id }) => id === route.query.get("corrects"));
  const move = (to: number) => {
    const query = {
      ...(corrected && { corrects: corrected.id }),
      ...(to !== history.length && { version: `${to}` }),
    };
    go(linkTo(["aggregate", type, id], query), { replace: true });
  };
  return (
    <div className="screen">
      <header>
        <h1>
          {type} <code>{id}</code>
        </h1>
        <a className="button" href={linkTo(["stream"], { aggregate_id: id })}>In the stream</a>
      </header>
      <TimeSlider history={history} version={version} onMove={move} />
      <div className="columns">
        <Moment type={type} id={id} history={history} version={version} />
        <div className="stack">
          <History history={history} version={version} onMove={move} />
          <section className="card" aria-label="Post an event for it">
            <h2>Post an event for it</h2>
            {corrected && (
              <p>
                It corrects{" "}
                <a href={linkTo(["event", corrected.id])}>
                  {corrected.event_number} {corrected.event_type}
                </a>.
              </p>
            )}
            <p className="quiet">
              History stays as it is: a mistake is put right by an event that compensates it.
            </p>
            <Composer
              key={`${id} ${corrected?.id}`}
              draft={[type, id, corrected?.id].filter(Boolean).join(".")}
              aggregateType={type}
              aggregateId={id}
              version={history.length}
              corrects={corrected}
            />
          </section>
        </div>
      </div>
    </div>
  );
}
