import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { Button } from "../parts/button.tsx";
import { Loading, Nothing, Trouble } from "../parts/notice.tsx";
import { linkTo, type Route } from "../router.ts";
import { useLostSince } from "../session/use_lost_since.ts";
import { usePortal } from "../session/context.ts";
import { EventList } from "./event_list.tsx";
import { EventWindow, type Shown } from "./event_window.ts";
import { Export } from "./export.tsx";
import { FilterBar } from "./filter_bar.tsx";
import { filtersOf, followsProcessing } from "./filters.ts";
import { Views } from "./views.tsx";
import { type Visit, visitOf } from "./visits.ts";

export default function StreamScreen({ route }: { route: Route }) {
  const filters = useMemo(() => filtersOf(route.query), [route.query.toString()]);
  const { api, events, store, connection, staff, user } = usePortal();
  const visit = useMemo(() => {
    const feed = staff ? { client: events, realtime: store.supabase } : null;
    return visitOf(user.id, () => new EventWindow(api, filters, feed));
  }, [api, events, store, staff, user.id, filters]);
  const { window, place } = visit;
  const shown = useSyncExternalStore(window.listen, window.shown);
  useEffect(() => window.start(), [window]);
  const [paused, setPaused] = useState(place.paused);
  const [away, setAway] = useState(place.top > 0);
  useEffect(() => setAway(place.top > 0), [place]);
  useEffect(() => void (place.paused = paused), [place, paused]);
  useEffect(() => window.stand(paused || away), [window, paused, away]);
  const lost = useLostSince(connection);
  usePauseKey(() => setPaused((before) => !before));
  return (
    <div className="stream">
      <header className="stream-head">
        <div className="row spread">
          <h1>Stream</h1>
          <div className="row">
            <span role="status" className={`tag ${lost ? "bad" : paused ? "warn" : "good"}`}>
              {lost && `not connected since ${lost}, trying again`}
              {!lost && paused && "paused"}
              {!lost && !paused && (staff && !followsProcessing(filters) ? "live" : "every 2 s")}
            </span>
            <Button pressed={paused} onPress={() => setPaused(!paused)}>
              {paused ? "Resume" : "Pause"}
            </Button>
            <Export filters={filters} pages={shown.pages} />
            <a className="button primary" href={linkTo(["post"])}>Post an event</a>
          </div>
        </div>
        <Views filters={filters} />
        <FilterBar filters={filters} />
      </header>
      <Waiting
        count={shown.waiting}
        show={() => {
          document.querySelector("[role=grid]")?.scrollTo(0, 0);
          window.release();
        }}
      />
      <Content
        key={visit.id}
        shown={shown}
        visit={visit}
        onAway={setAway}
        restart={() => window.start()}
      />
    </div>
  );
}

function Waiting({ count, show }: { count: number; show: () => void }) {
  return (
    <div role="status" className="waiting">
      {count > 0 && (
        <button type="button" className="button" onClick={show}>
          ↑ {count.toLocaleString("en")} new
        </button>
      )}
    </div>
  );
}

function Content({ shown, visit: { window, place }, onAway, restart }: {
  shown: Shown;
  visit: Visit;
  onAway: (away: boolean) => void;
  restart: () => void;
}) {
  if (shown.state === "failed") return <Trouble error={shown.error} retry={restart} />;
  if (shown.state === "loading") return <Loading what="events" />;
  if (shown.pages.length === 0) {
    const filtered = Object.keys(window.filters).length > 0;
    return (
      <Nothing title={filtered ? "No event matches" : "No events yet"}>
        <p>
          {filtered
            ? "Take a filter away, or wait: what matches appears here by itself."
            : "What is posted appears here by itself."}
        </p>
        <a className="button" href={linkTo([filtered ? "stream" : "post"])}>
          {filtered ? "Show everything" : "Post an event"}
        </a>
      </Nothing>
    );
  }
  const onSight = (from: number, to: number) => window.look(from, to);
  return <EventList shown={shown} place={place} onSight={onSight} onAway={onAway} />;
}

function usePauseKey(toggle: () => void): void {
  useEffect(() => {
    function pressed(event: KeyboardEvent) {
      const typing = event.target instanceof HTMLElement &&
        event.target.matches("input, textarea, select");
      const other = event.ctrlKey || event.metaKey || event.altKey;
      if (event.key === "p" && !typing && !other) toggle();
    }
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}
