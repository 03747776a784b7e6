import type { AggregateTypeOf, EventData } from "./event_data.ts";

/** An event type of the catalog. */
export type EventType = keyof EventData;

interface Envelope {
  readonly aggregate_id: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** A UUID, or a readable key such as `order-flow-123`. */
  readonly correlation_id?: string;
  /** Id of the event that caused this one. */
  readonly causation_id?: string;
  /** Repeats with the same key and content store nothing new. One is made up when it is missing. */
  readonly idempotency_key?: string;
  /** The aggregate's version the event builds on; 0 = it must not exist yet. */
  readonly expected_version?: number;
  /** Only a trusted backend is believed. */
  readonly created_by?: string;
  readonly user_id?: string;
}

/** An event to post: for each type of the catalog with the data that belongs to it. */
export type NewEvent<Type extends EventType = EventType> = Type extends EventType ?
    & Envelope
    & {
      readonly event_type: Type;
      readonly aggregate_type: AggregateTypeOf[Type];
      readonly data: EventData[Type];
    }
  : never;

/** An event of a type that was registered at run time, unknown to these types. */
export interface RegisteredEvent extends Envelope {
  readonly event_type: string;
  readonly aggregate_type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An event of any type. */
export type AnyEvent = NewEvent | RegisteredEvent;

/** A list of events in which those of a type of the catalog carry the data that belongs to it. */
export type Checked<Events extends readonly AnyEvent[]> = {
  readonly [Place in keyof Events]: Events[Place]["event_type"] extends EventType
    ? NewEvent<Events[Place]["event_type"]>
    : RegisteredEvent;
};

/** An event as the log keeps it. */
export interface StoredEvent {
  readonly id: string;
  /** Place in the log. */
  readonly event_number: number;
  readonly event_type: string;
  readonly aggregate_type: string;
  readonly aggregate_id: string;
  /** 1, 2, 3… within the aggregate. */
  readonly aggregate_version: number;
  readonly schema_version: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** `user:<id>`, `agent:<name>` or `system`. */
  readonly created_by: string;
  readonly user_id: string | null;
  readonly owner_id: string | null;
  readonly created_at: string;
  readonly correlation_id: string | null;
  readonly causation_id: string | null;
  readonly idempotency_key: string | null;
  readonly processed: boolean;
  readonly processed_at: string | null;
  readonly processing_attempts: number;
  readonly processing_error: string | null;
  readonly next_attempt_at: string | null;
  readonly skip_reason: string | null;
}

/** Narrows a stored event to one type of the catalog. */
export function isEvent<Type extends EventType>(
  event: StoredEvent,
  type: Type,
): event is StoredEvent & { readonly event_type: Type; readonly data: EventData[Type] } {
  return event.event_type === type;
}
