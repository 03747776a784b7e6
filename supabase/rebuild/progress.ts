import type { Rebuild } from "../../functions/database-manager/rebuild_schema.ts";

const WIDTH = 30;

/** One line: bar, percentage, events, rate, time left, and what is in the way. */
export function progressLine(rebuild: Rebuild): string {
  const { kind, status, percent, events_done, events_total, events_per_second, seconds_left } =
    rebuild;
  const full = Math.round(WIDTH * percent / 100);
  const bar = "█".repeat(full) + "░".repeat(WIDTH - full);
  const left = seconds_left === null ? "" : `, ${duration(seconds_left)} left`;
  const done = `${number(events_done)} of ${number(Math.max(events_total, events_done))} events`;
  const rate = `${number(Math.round(events_per_second))}/s`;
  return `${kind} ${bar} ${String(percent).padStart(3)} %  ${done}, ${rate}${left}  ${status}` +
    trouble(rebuild);
}

function trouble({ finished_at, attempts, error }: Rebuild): string {
  return finished_at === null && error !== null ? ` (attempt ${attempts}: ${error})` : "";
}

/** Seconds in words: `42 s`, `3 min 5 s`, `1 h 20 min`. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

/** Where a {@link ProgressBar} is shown. */
export interface Screen {
  /** Characters that fit into a line of a terminal; null when it is none. */
  readonly columns: () => number | null;
  readonly write: (text: string) => void;
}

/** The standard output of this process. */
export const standardOutput: Screen = {
  columns: () => Deno.stdout.isTerminal() ? Deno.consoleSize().columns : null,
  write: (text) => void Deno.stdout.writeSync(new TextEncoder().encode(text)),
};

/** Shows a line that moves in a terminal; elsewhere one line each time a tenth is done. */
export class ProgressBar {
  #tenth = -1;
  #screen: Screen;

  constructor(screen: Screen = standardOutput) {
    this.#screen = screen;
  }

  show(rebuild: Rebuild): void {
    const line = progressLine(rebuild);
    const columns = this.#screen.columns();
    if (columns !== null) {
      // One column stays free: a full line would begin the next, and not be written over.
      this.#screen.write(`\r\x1b[K${line.slice(0, columns - 1)}`);
      return;
    }
    const tenth = Math.floor(rebuild.percent / 10);
    if (tenth === this.#tenth) return;
    this.#tenth = tenth;
    this.#screen.write(`${line}\n`);
  }

  /** Leaves the line and goes to the next. */
  end(): void {
    if (this.#screen.columns() !== null) this.#screen.write("\n");
  }
}
