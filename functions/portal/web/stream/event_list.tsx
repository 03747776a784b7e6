import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import { go, linkTo } from "../router.ts";
import { EventRow } from "./event_row.tsx";
import type { Shown } from "./event_window.ts";
import type { Place } from "./visits.ts";

/** Heights of a row in pixels: one line, and two where it is narrow. */
const LINE = 30;
const TWO_LINES = 54;
const NARROW = "(max-width: 48rem)";

/** The events of a window. Only the rows in sight exist; arrows move, Enter opens. */
export function EventList({ shown, place, onSight, onAway }: {
  shown: Shown;
  /** Where one left it, and leaves it. */
  place: Place;
  /** Told which rows are in sight. */
  onSight: (from: number, to: number) => void;
  /** Told when the top of the list leaves the sight and comes back. */
  onAway: (away: boolean) => void;
}) {
  const { pages, more } = shown;
  const scroller = useRef<HTMLDivElement>(null);
  const height = useMatches(NARROW) ? TWO_LINES : LINE;
  const [active, setActive] = useState(place.active);
  const rows = useVirtualizer({
    count: pages.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 15,
    initialOffset: place.top,
  });
  useLayoutEffect(() => {
    scroller.current?.scrollTo(0, place.top);
    if (place.active !== null) scroller.current?.focus({ preventScroll: true });
  }, [place]);
  useEffect(() => rows.measure(), [height]);
  const items = rows.getVirtualItems();
  const from = items[0]?.index ?? 0;
  const to = items.at(-1)?.index ?? 0;
  useEffect(() => onSight(from, to), [from, to, pages.length]);
  const here = active === null ? -1 : pages.rowOf(active);
  const chosen = pages.at(here);

  const choose = useCallback((number: number | null) => {
    place.active = number;
    setActive(number);
  }, [place]);
  function move(to: number) {
    const row = Math.min(Math.max(to, 0), pages.length - 1);
    choose(pages.numberAt(row));
    rows.scrollToIndex(row);
  }
  function pressed(event: Pick<KeyboardEvent, "key" | "preventDefault">) {
    const page = Math.max(Math.floor((scroller.current?.clientHeight ?? 0) / height) - 2, 1);
    const steps: Record<string, number> = {
      ArrowDown: here + 1,
      j: here + 1,
      ArrowUp: here - 1,
      k: here - 1,
      PageDown: here + page,
      PageUp: here - page,
      Home: 0,
      End: pages.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      move(to);
    } else if (event.key === "Enter" && chosen) go(linkTo(["event", chosen.id]));
  }
  useListKeys(scroller, pressed);
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Events, newest first"
      aria-rowcount={more ? -1 : pages.length + 1}
      aria-activedescendant={chosen && `row-${chosen.id}`}
      tabIndex={0}
      className="events"
      onKeyDown={pressed}
      onScroll={({ currentTarget: { scrollTop } }) => {
        place.top = scrollTop;
        onAway(scrollTop > height);
      }}
    >
      <div role="rowgroup" className="events-head">
        <div role="row" className="event-row" aria-rowindex={1}>
          {["Number", "Time (UTC)", "Type", "Aggregate", "v", "Actor", "Status", "Data"]
            .map((name) => <span role="columnheader" key={name}>{name}</span>)}
        </div>
      </div>
      <div role="rowgroup" className="events-body" style={{ height: rows.getTotalSize() }}>
        {items.map(({ index, start, size }) => {
          const event = pages.at(index);
          return event
            ? (
              <EventRow
                key={event.id}
                event={event}
                index={index}
                top={start}
                height={size}
                active={event.event_number === active}
                onOpen={choose}
              />
            )
            : <ComingRow key={index} index={index} top={start} height={size} />;
        })}
      </div>
    </div>
  );
}

/** `j` and `k` move in the list from anywhere on the page where one does not type. */
function useListKeys(
  list: { current: HTMLElement | null },
  pressed: (event: KeyboardEvent) => void,
): void {
  const elsewhere = useEffectEvent((event: KeyboardEvent) => {
    const { target } = event;
    if (!(target instanceof HTMLElement) || target.matches("input, textarea, select")) return;
    if (event.ctrlKey || event.metaKey || event.altKey || !["j", "k"].includes(event.key)) return;
    if (list.current?.contains(target) || document.querySelector("[role=dialog]")) return;
    list.current?.focus();
    pressed(event);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => elsewhere(event);
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
}

/** The place of an event that is on its way. */
function ComingRow({ index, top, height }: { index: number; top: number; height: number }) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="event-row coming quiet"
      style={{ top, height }}
    >
      <span role="gridcell">…</span>
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
