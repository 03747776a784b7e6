import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { go, linkTo } from "../router.ts";
import { EventRow } from "./event_row.tsx";
import type { Shown } from "./event_window.ts";

/** Heights of a row in pixels: one line, and two where it is narrow. */
const LINE = 30;
const TWO_LINES = 54;
const NARROW = "(max-width: 48rem)";

/** The events of a window. Only the rows in sight exist; arrows move, Enter opens. */
export function EventList({ shown, loadMore, onAway }: {
  shown: Shown;
  loadMore: () => void;
  /** Told when the top of the list leaves the sight and comes back. */
  onAway: (away: boolean) => void;
}) {
  const { events, more } = shown;
  const scroller = useRef<HTMLDivElement>(null);
  const height = useMatches(NARROW) ? TWO_LINES : LINE;
  const [active, setActive] = useState<string | null>(null);
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 15,
    getItemKey: (index) => events[index]?.id ?? index,
  });
  useEffect(() => rows.measure(), [height]);
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= events.length - 50) loadMore();
  }, [more, last, events.length]);

  function move(to: number) {
    const index = Math.min(Math.max(to, 0), events.length - 1);
    setActive(events[index]?.id ?? null);
    rows.scrollToIndex(index);
  }
  function pressed(event: KeyboardEvent) {
    const here = events.findIndex(({ id }) => id === active);
    const page = Math.max(Math.floor((scroller.current?.clientHeight ?? 0) / height) - 2, 1);
    const steps: Record<string, number> = {
      ArrowDown: here + 1,
      j: here + 1,
      ArrowUp: here - 1,
      k: here - 1,
      PageDown: here + page,
      PageUp: here - page,
      Home: 0,
      End: events.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      move(to);
    } else if (event.key === "Enter" && active !== null) go(linkTo(["event", active]));
  }
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Events, newest first"
      aria-rowcount={more ? -1 : events.length + 1}
      aria-activedescendant={active === null ? undefined : `row-${active}`}
      tabIndex={0}
      className="events"
      onKeyDown={pressed}
      onScroll={({ currentTarget }) => onAway(currentTarget.scrollTop > height)}
    >
      <div role="rowgroup" className="events-head">
        <div role="row" className="event-row" aria-rowindex={1}>
          {["Number", "Time (UTC)", "Type", "Aggregate", "v", "Actor", "Status", "Data"]
            .map((name) => <span role="columnheader" key={name}>{name}</span>)}
        </div>
      </div>
      <div role="rowgroup" className="events-body" style={{ height: rows.getTotalSize() }}>
        {items.map(({ index, start, size, key }) => {
          const event = events[index];
          return event && (
            <EventRow
              key={key}
              event={event}
              index={index}
              top={start}
              height={size}
              active={event.id === active}
            />
          );
        })}
      </div>
    </div>
  );
}

function useMatches(media: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(media).matches);
  useEffect(() => {
    const list = matchMedia(media);
    const changed = () => setMatches(list.matches);
    list.addEventListener("change", changed);
    return () => list.removeEventListener("change", changed);
  }, [media]);
  return matches;
}
