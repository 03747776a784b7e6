/** The functions process now in charge; with `watch`, one that was started after the last save. */
import type { LogFile } from "../log_file.ts";
import { type FunctionsOptions, FunctionsProcess } from "./process.ts";
import { watchFolders } from "./reload.ts";

export interface FunctionsHostOptions extends FunctionsOptions {
  watch: boolean;
}

export class FunctionsHost {
  #options: FunctionsHostOptions;
  #log: LogFile;
  #current: FunctionsProcess;
  #retired = new Set<Promise<void>>();
  #endWatch = () => {};

  constructor(options: FunctionsHostOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#current = new FunctionsProcess(options);
  }

  get pid(): number {
    return this.#current.pid;
  }

  get port(): number {
    return this.#current.port;
  }

  async start(): Promise<void> {
    const { watch, project } = this.#options;
    await this.#current.start();
    if (watch) {
      const folders = [`${project}/functions`, `${project}/shared`];
      this.#endWatch = watchFolders(folders, () => this.reload());
    }
  }

  /** Sends a signal; a process that dies of it is started again. */
  kill(signal: Deno.Signal): void {
    this.#current.kill(signal);
  }

  /** Kills the process and resolves when its successor serves. */
  async crash(signal: Deno.Signal = "SIGKILL"): Promise<void> {
    await this.#current.crash(signal);
  }

  /** Stops the process in good order and starts it again; meanwhile callers get 503. */
  async restart(): Promise<void> {
    await this.#current.restart();
  }

  async whenUp(): Promise<void> {
    await this.#current.whenUp();
  }

  /** Starts a new process, hands over to it, and lets the old one finish the requests it has. */
  async reload(): Promise<void> {
    const successor = new FunctionsProcess(this.#options);
    try {
      await successor.start();
    } catch (error) {
      this.#log.note(`functions not reloaded: ${error instanceof Error ? error.message : error}`);
      return;
    }
    const old = this.#current;
    this.#current = successor;
    this.#log.note("functions reloaded");
    const retired = old.stop().finally(() => this.#retired.delete(retired));
    this.#retired.add(retired);
  }

  async stop(): Promise<void> {
    this.#endWatch();
    await Promise.all([this.#current.stop(), ...this.#retired]);
  }
}
