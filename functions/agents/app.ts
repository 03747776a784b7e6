import { createApp } from "../../shared/http/app.ts";
import { measure, reject, withdraw } from "./answer.ts";
import { approve } from "./approve.ts";
import { compensate } from "./compensate.ts";
import { propose } from "./propose.ts";
import { get, list } from "./read_decisions.ts";
import { record } from "./record.ts";
import { registry } from "./registry.ts";
import { resumeAgent, resumeAll, setPolicy, signPromotion, stopAgent, stopAll } from "./steer.ts";
import { tick } from "./tick.ts";

/** The `agents` function: what agents propose, people answer and records earn. */
export const app = createApp("agents", [
  propose,
  list,
  get,
  approve,
  reject,
  withdraw,
  measure,
  compensate,
  registry,
  record,
  setPolicy,
  signPromotion,
  stopAll,
  resumeAll,
  stopAgent,
  resumeAgent,
  tick,
]);
