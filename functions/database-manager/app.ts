import { createApp } from "../../shared/http/app.ts";
import { cancelRebuild } from "./cancel_rebuild.ts";
import { eventChanges } from "./event_changes.ts";
import { failedAttempts } from "./failed_attempts.ts";
import { getRebuild } from "./get_rebuild.ts";
import { pauseProcessing, resumeProcessing } from "./pause_processing.ts";
import { processNow } from "./process_now.ts";
import { retryEvent } from "./retry_event.ts";
import { retryFailed } from "./retry_failed.ts";
import { rollBackRebuild } from "./roll_back_rebuild.ts";
import { rowBlame } from "./row_blame.ts";
import { skipEvent } from "./skip_event.ts";
import { startRebuild, startVerification } from "./start_rebuild.ts";
import { status } from "./status.ts";
import { switchRebuild } from "./switch_rebuild.ts";
import { wakeUp } from "./wake_up.ts";
import { wholeState } from "./whole_state.ts";

/** The `database-manager` function: the webhook, and what staff see and steer. */
export const app = createApp("database-manager", [
  wakeUp,
  status,
  processNow,
  retryEvent,
  skipEvent,
  retryFailed,
  pauseProcessing,
  resumeProcessing,
  eventChanges,
  failedAttempts,
  rowBlame,
  startRebuild,
  startVerification,
  getRebuild,
  switchRebuild,
  cancelRebuild,
  rollBackRebuild,
  wholeState,
]);
