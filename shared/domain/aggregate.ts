import type { EventType } from "./event_type.ts";

export { applyEvent, effectsOf, emptyState, fold, nextState, skipEvent } from "./apply_event.ts";
export { DomainError, type DomainErrorCode } from "./domain_error.ts";
export { type EventType, eventTypes, type Poster } from "./event_type.ts";
export { requireCreated, requireNew } from "./existence.ts";
export { fromRows, type Row, type Rows, toRows } from "./rows.ts";

/** What the domain reads of a row of `events`. */
export interface StoredEvent<Name extends string = string, Data = unknown> {
  readonly id: string;
  readonly event_type: Name;
  readonly aggregate_type: string;
  readonly aggregate_id: string;
  /** 1, 2, 3… within the aggregate. */
  readonly aggregate_version: number;
  /** The version of the type's schema that `data` was stored under. */
  readonly schema_version: number;
  readonly data: Data;
  /** `user:<id>`, `agent:<name>` or `system`. */
  readonly created_by: string;
  /** The customer or dealer whose aggregate it is; null for the shop's own. */
  readonly owner_id: string | null;
  readonly created_at: string;
  /** Set when people skipped the event: its version passes, its data does not. */
  readonly skip_reason: string | null;
}

/** The union of an aggregate's events: switching on `event_type` narrows `data`. */
export type EventOf<Types extends Record<string, EventType>> = {
  [Name in keyof Types & string]: Types[Name] extends EventType<infer Data>
    ? StoredEvent<Name, Data>
    : never;
}[keyof Types & string];

/** An event an effect wants appended. The Database Manager adds cause, correlation and key. */
export interface NewEvent {
  readonly event_type: string;
  readonly aggregate_type: string;
  readonly aggregate_id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The columns every main state table has. Only `applyEvent` sets them. */
export interface AggregateState {
  readonly id: string;
  readonly version: number;
  readonly owner_id: string | null;
  /** `created_at` of the first and of the latest event, in the text form of the log. */
  readonly created_at: string;
  readonly updated_at: string;
}

/** What `evolve` returns: a state without the columns that `applyEvent` sets. */
export type Body<State extends AggregateState> = Omit<State, keyof AggregateState>;

/** A table of rows that belong to an aggregate, held in the state as an array of whole rows. */
export interface ChildTable {
  readonly table: string;
  /** Primary key; the array is kept in the order of these columns. */
  readonly key: readonly string[];
  /** Column that holds the aggregate's id. */
  readonly parent: string;
}

/** Everything the platform knows about one kind of aggregate. Pure: no clock, id or I/O. */
export interface Aggregate<
  State extends AggregateState = AggregateState,
  Event extends StoredEvent = StoredEvent,
> {
  readonly type: string;
  /** Raised with each change of `evolve` that gives other rows: asks for a rebuild. */
  readonly generation: number;
  readonly table: string;
  /** By the property of the state that holds the rows. */
  readonly children: Readonly<Record<string, ChildTable>>;
  readonly eventTypes: Readonly<Record<string, EventType>>;
  /** The state after `event`. Never changes its input. Throws `DomainError` on a contradiction. */
  evolve(state: State | null, event: Event): Body<State>;
  /** Events that follow in other aggregates; `state` is the one after `event`. */
  effects?(state: State, event: Event): NewEvent[];
}
