/**
 * A worker of the Database Manager in a process of its own, as another isolate would be. For each line it reads it
 * drains the log through PostgREST until nothing waits and answers what it processed.
 */
import { adminClient } from "../../../shared/database/client.ts";
import { drain, drainLimits } from "../../../shared/database_manager/drain.ts";
import { databaseStore } from "../../../shared/database_manager/store.ts";
import { serveLines } from "./serve_lines.ts";

const store = databaseStore(adminClient(), crypto.randomUUID());
const surroundings = {
  now: () => performance.now(),
  pause: (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
};
const limits = { ...drainLimits, events: Infinity, milliseconds: Infinity };

await serveLines(() => drain(store, surroundings, limits));
