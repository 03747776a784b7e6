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

export default function StreamScreen({ route }: { route: Route }) {
  const filters = useMemo(() => filtersOf(route.query), [route.query.toString()]);
  const { api, events, store, connection, staff } = usePortal();
  const window = useMemo(
    () =>
      new EventWindow(api, filters, staff ? { client: events, realtime: store.supabase } : null),
    [api, events, store, staff, filters],
  );
  const shown = useSyncExternalStore(window.listen, window.shown);
  useEffect(() => window.start(), [window]);
  const [paused, setPaused] = useState(false);
  const [away, setAway] = useState(false);
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
      <Content shown={shown} window={window} onAway={setAway} restart={() => window.start()} />
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

function Content({ shown, window, onAway, restart }: {
  shown: Shown;
  window: EventWindow;
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
  return <EventList shown={shown} onSight={onSight} onAway={onAway} />;
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
