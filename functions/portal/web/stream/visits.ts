import type { EventWindow } from "./event_window.ts";

/** How the list was left. */
export interface Place {
  /** Pixels it was scrolled. */
  top: number;
  /** Number of the event that was chosen. */
  active: number | null;
  paused: boolean;
}

/** The stream as it was at one step of the browser's history. */
export interface Visit {
  readonly id: string;
  readonly userId: string;
  readonly window: EventWindow;
  readonly place: Place;
}

let last: Visit | null = null;

/** The visit that this step of the history stands for: the last one, when one comes back to it, else a new one. */
export function visitOf(userId: string, begin: () => EventWindow): Visit {
  const id: unknown = history.state?.visit;
  if (last && last.id === id && last.userId === userId) return last;
  last = {
    id: crypto.randomUUID(),
    userId,
    window: begin(),
    place: { top: 0, active: null, paused: false },
  };
  history.replaceState({ visit: last.id }, "");
  return last;
}
