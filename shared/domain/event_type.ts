import type { z } from "zod";

/** Kinds of principal that may post an event type. `staff` is a user with the staff role. */
export type Poster = "user" | "staff" | "agent" | "service";

/** One kind of fact: its meaning, the shape of its data and who may state it. */
export interface EventType<Data = unknown, Name extends string = string> {
  readonly type: Name;
  readonly description: string;
  /** Strict: an unknown key is refused. What it accepts, it returns (ids in lower case). */
  readonly schema: z.ZodType<Data>;
  /** Realistic data that the schema accepts. */
  readonly example: Data;
  readonly postedBy: readonly Poster[];
  readonly schemaVersion: number;
}

/** The people and backends that run the shop. */
export const backOffice: readonly Poster[] = ["staff", "service"];

/** Customers for what is their own, and the back office. */
export const customersToo: readonly Poster[] = ["user", "staff", "service"];

type Schemas = Record<string, z.ZodType<object>>;

type Definitions<S extends Schemas> = {
  readonly [Name in keyof S]: {
    readonly description: string;
    readonly schema: S[Name];
    readonly example: z.output<S[Name]>;
    readonly postedBy: readonly Poster[];
  };
};

type EventTypes<S extends Schemas> = {
  readonly [Name in keyof S & string]: EventType<z.output<S[Name]>, Name>;
};

/**
 * Names event types by their key and keeps the data type of each, so that `EventOf` can make a
 * union of them. All are at schema version 1.
 */
export function eventTypes<S extends Schemas>(definitions: Definitions<S>): EventTypes<S> {
  const named = Object.entries(definitions).map(([type, definition]) => [
    type,
    { type, schemaVersion: 1, ...definition },
  ]);
  // The mapped type describes exactly what the loop builds; Object.fromEntries forgets the keys.
  return Object.fromEntries(named) as EventTypes<S>;
}
