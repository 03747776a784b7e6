import { createApp } from "../../shared/http/app.ts";
import { aggregateHistory } from "./aggregate_history.ts";
import { aggregateState } from "./aggregate_state.ts";
import { createSubscription } from "./create_subscription.ts";
import { deleteSubscription } from "./delete_subscription.ts";
import { dryRun } from "./dry_run.ts";
import { eventStatistics } from "./event_statistics.ts";
import { feed } from "./feed.ts";
import { feedTicket } from "./feed_ticket.ts";
import { getEvent } from "./get_event.ts";
import { getEventType } from "./get_event_type.ts";
import { getSubscription } from "./get_subscription.ts";
import { listEventTypes } from "./list_event_types.ts";
import { listEvents } from "./list_events.ts";
import { listSubscriptions } from "./list_subscriptions.ts";
import { postBatch } from "./post_batch.ts";
import { postEvent } from "./post_event.ts";
import { ackSubscription, pullSubscription } from "./pull_subscription.ts";
import { registerEventType } from "./register_event_type.ts";
import { replaySubscription } from "./replay_subscription.ts";
import { setProcessing } from "./set_processing.ts";
import { subscriptionWebhook } from "./subscription_webhook.ts";
import { traceEvent } from "./trace_event.ts";
import { unprocessedEvents } from "./unprocessed_events.ts";

/** The `events` function: posting, reading and explaining events. */
export const app = createApp("events", [
  postEvent,
  postBatch,
  dryRun,
  listEvents,
  listEventTypes,
  getEventType,
  registerEventType,
  eventStatistics,
  unprocessedEvents,
  feed,
  feedTicket,
  createSubscription,
  listSubscriptions,
  getSubscription,
  deleteSubscription,
  pullSubscription,
  ackSubscription,
  replaySubscription,
  getEvent,
  traceEvent,
  setProcessing,
  aggregateHistory,
  aggregateState,
]);

app.openAPIRegistry.registerWebhook(subscriptionWebhook);
