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
  /** A death at the first start that will pass, by what the process said last: it is tried again. */
  passing?: RegExp;
  /** Called when it could not be brought back. */
  onLost: (error: Error) => void;
  /** Called each time it serves again after it died. */
  onRecovered?: () => void;
}

/** A process that was started and may not serve yet. */
export interface Started {
  /** Calls back with each line it prints. */
  onLine: (listener: (line: string) => void) => void;
  /** Aborted when it ends. */
  ended: AbortSignal;
}

const attempts = 40;
const readyWithin = 60_000; // ms
const stopWithin = 10_000; // ms; then SIGKILL

export class Child {
  #options: ChildOptions;
  #process?: Deno.ChildProcess;
  #exited: Promise<unknown> = Promise.resolve();
  #up: Promise<void> = Promise.resolve();
  #wanted = false;

  constructor(options: ChildOptions) {
    this.#options = options;
  }

  /** The process id; 0 while it is down. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Starts it and resolves when it serves. */
  async start(): Promise<void> {
    this.#wanted = true;
    const { passing } = this.#options;
    this.#up = this.#launchUntil((error) => !passing?.test(error.message));
    await this.#up;
  }

  /** Resolves when it serves: at once, or after the restart that is under way. */
  async whenUp(): Promise<void> {
    await this.#up;
  }

  /** Sends a signal; a process that dies of it is started again. */
  kill(signal: Deno.Signal): void {
    try {
      this.#process?.kill(signal);
    } catch { /* it has just died */ }
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
    this.kill(this.#options.stopSignal);
    const timer = setTimeout(() => this.kill("SIGKILL"), stopWithin);
    await this.#exited;
    await this.#up.catch(() => {});
    clearTimeout(timer);
  }

  /** Launches it until it serves, or it is no longer wanted, or `hopeless`, or for the last time. */
  async #launchUntil(hopeless: (error: Error) => boolean): Promise<void> {
    for (let attempt = 1; this.#wanted; attempt++) {
      try {
        return await this.#launch();
      } catch (cause) {
        const error = cause instanceof Error ? cause : new Error(String(cause));
        if (hopeless(error) || attempt === attempts) throw error;
        await delay(Math.min(50 * attempt, 500));
      }
    }
  }

  async #launch(): Promise<void> {
    const { log, command, ready, name, stopSignal } = this.#options;
    const process = this.#process = command().spawn();
    const release = guard(process.pid, stopSignal);
    const listeners: ((line: string) => void)[] = [];
    const onLine = (line: string) => listeners.forEach((listener) => listener(line));
    const ending = new AbortController();
    let serving = false;
    const exited = this.#exited = Promise.all([
      process.status,
      log.pump(process.stdout, onLine),
      log.pump(process.stderr, onLine),
    ]).then(async ([{ signal, code }]) => {
      await release();
      if (this.#process === process) this.#process = undefined;
      const reason = signal ?? `exit code ${code}`;
      if (serving && this.#wanted) this.#recover(reason);
      ending.abort(`${name} died (${reason}): ${log.lastLine}`);
    });
    await Promise.race([
      ready({ onLine: (listener) => listeners.push(listener), ended: ending.signal }),
      refusal(ending.signal, `${name} did not serve within ${readyWithin / 1000} s`),
    ]).catch(async (error) => {
      this.kill("SIGKILL");
      await exited;
      throw error;
    });
    ending.signal.throwIfAborted();
    serving = true;
  }

  #recover(reason: string): void {
    const { name, log, onLost, onRecovered } = this.#options;
    log.note(`${name} died (${reason}), starting it again`);
    this.#up = this.#launchUntil(() => false);
    this.#up.then(onRecovered, onLost);
  }
}

/** Rejects when `ended` aborts, with its reason, or when time is up, with `late`. */
function refusal(ended: AbortSignal, late: string): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => reject(new Error(late)), readyWithin);
    Deno.unrefTimer(timer);
    ended.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new Error(ended.reason));
    });
  });
}
