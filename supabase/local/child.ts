/** One process of the stack: started, watched, restarted when it dies, never left behind. */
import { setTimeout as delay } from "node:timers/promises";
import type { LogFile } from "./log_file.ts";
import { guard } from "./orphan_guard.ts";

export interface ChildOptions {
  name: string;
  log: LogFile;
  command: () => Deno.Command;
  /** Resolves when the process serves. */
  ready: (started: Started) => Promise<void>;
  /** The signal that asks it to stop in good order. */
  stopSignal: Deno.Signal;
  /** Called when it could not be brought back. */
  onLost: (error: Error) => void;
  /** Called each time it serves again after it died. */
  onRecovered?: () => void;
}

export interface Started {
  pid: number;
  /** Calls back with each line it prints. */
  onLine: (listener: (line: string) => void) => void;
  /** Aborted when it ends. */
  ended: AbortSignal;
}

const startAttempts = 40;
const stopGrace = 10_000;

export class Child {
  #options: ChildOptions;
  #process?: Deno.ChildProcess;
  #exited: Promise<unknown> = Promise.resolve();
  #up: Promise<void> = Promise.resolve();
  #wanted = false;

  constructor(options: ChildOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  /** The process id; 0 while it is down. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Starts it and resolves when it serves. */
  async start(): Promise<void> {
    this.#wanted = true;
    await (this.#up = this.#launch());
  }

  /** Resolves when it serves: at once, or after the restart that is under way. */
  async whenUp(): Promise<void> {
    await this.#up;
  }

  /** Sends a signal; a process that dies of it is started again. */
  kill(signal: Deno.Signal): void {
    this.#process?.kill(signal);
  }

  /** Kills it and resolves when its successor serves. */
  async crash(signal: Deno.Signal = "SIGKILL"): Promise<void> {
    const exited = this.#exited;
    this.kill(signal);
    await exited;
    await this.#up;
  }

  /** Stops it in good order and starts it again. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Stops it in good order; by SIGKILL after ten seconds. */
  async stop(): Promise<void> {
    this.#wanted = false;
    await this.#up.catch(() => {});
    if (!this.#process) return;
    const process = this.#process;
    const timer = setTimeout(() => process.kill("SIGKILL"), stopGrace);
    try {
      process.kill(this.#options.stopSignal);
    } catch { /* it is already gone */ }
    await this.#exited;
    clearTimeout(timer);
  }

  async #launch(): Promise<void> {
    const { log, command, ready, name, stopSignal } = this.#options;
    const process = command().spawn();
    this.#process = process;
    const listeners: ((line: string) => void)[] = [];
    const onLine = (line: string) => listeners.forEach((listener) => listener(line));
    const release = guard(process.pid, stopSignal);
    const ending = new AbortController();
    const exited = Promise.all([
      process.status,
      log.pump(process.stdout, onLine),
      log.pump(process.stderr, onLine),
      process.status.then(release),
    ]).then(([status]) => {
      ending.abort();
      return status;
    });
    let serving = false;
    this.#exited = exited.then((status) => {
      if (this.#process === process) this.#process = undefined;
      if (serving && this.#wanted) this.#recover(status.signal ?? `exit code ${status.code}`);
    });
    await Promise.race([
      ready({
        pid: process.pid,
        onLine: (listener) => listeners.push(listener),
        ended: ending.signal,
      }),
      exited.then(({ code, signal }) => {
        throw new Error(
          `${name} died at start (${signal ?? `exit code ${code}`}): ${log.lastLine}`,
        );
      }),
    ]);
    serving = true;
  }

  #recover(reason: string): void {
    const { name, log, onLost, onRecovered } = this.#options;
    log.note(`${name} died (${reason}), starting it again`);
    this.#up = (async () => {
      for (let attempt = 1;; attempt++) {
        try {
          await this.#launch();
          return onRecovered?.();
        } catch (error) {
          if (!this.#wanted) return;
          if (attempt === startAttempts) throw error;
          await delay(Math.min(50 * attempt, 500));
        }
      }
    })();
    this.#up.catch(onLost);
  }
}
