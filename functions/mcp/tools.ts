import { listMyDecisions, proposeDecision, withdrawDecision } from "./tools/decisions.ts";
import { getEventType, listEventTypes } from "./tools/event_types.ts";
import { dryRun, postEvent } from "./tools/post_event.ts";
import { processingStatus } from "./tools/processing_status.ts";
import { getHistory, getState, queryEvents } from "./tools/read_events.ts";

/** Every tool. None approves a decision, and none ever may: that is for people, signed in. */
export const tools = [
  queryEvents,
  getHistory,
  getState,
  listEventTypes,
  getEventType,
  postEvent,
  dryRun,
  proposeDecision,
  listMyDecisions,
  withdrawDecision,
  processingStatus,
];
