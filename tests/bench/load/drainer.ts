import { type BenchStack, workerEnvironment } from "../bench_stack.ts";
import { JsonProcess } from "./json_process.ts";

type DrainProcess = JsonProcess<unknown, { processed: number; failed: number }>;

/** A worker of the Database Manager in a process of its own. */
export class Drainer {
  readonly #process: DrainProcess;

  constructor(stack: BenchStack) {
    this.#process = new JsonProcess("tests/bench/load/drain_process.ts", workerEnvironment(stack));
  }

  /** Projects until nothing waits; rejects when an event fails. */
  async drain(): Promise<void> {
    const { failed } = await this.#process.ask({});
    if (failed > 0) throw new Error(`${failed} events failed`);
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }
}
