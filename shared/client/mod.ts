/**
 * Post, query and follow events from browsers, Node and Deno.
 *
 * @module
 */
export {
  type AggregateState,
  createEventClient,
  type EventClient,
  type EventQuery,
  type Moment,
  type PostOptions,
} from "./client.ts";
export { EventApiError, EventApiUnavailable, type Problem } from "./errors.ts";
export {
  type AnyEvent,
  type Checked,
  type EventType,
  isEvent,
  type NewEvent,
  type RegisteredEvent,
  type StoredEvent,
} from "./event.ts";
export type { AggregateTypeOf, EventData } from "./event_data.ts";
export type { ClientOptions } from "./request.ts";
export type { RealtimeClient } from "./bell.ts";
export type { SubscribeOptions } from "./subscribe.ts";
