import type { z } from "zod";

/** Kinds of principal that may post an event type. `staff` is a user with the staff role. */
export type Poster = "user" | "staff" | "agent" | "service";

/** One kind of fact: its meaning, the shape of its data and who may state it. */
export interface EventType<Shape = unknown, Name extends string = string> {
  readonly type: Name;
  readonly description: string;
  /** Strict: an unknown key is refused. What it accepts, it returns (ids in lower case). */
  readonly schema: z.ZodType<Shape>;
  /** Realistic data that the schema accepts. */
  readonly example: Shape;
  readonly postedBy: readonly Poster[];
  /** 1, 2, 3…: raised with each change of `schema` that stored events do not fit. */
  readonly schemaVersion: number;
  /**
   * The number of the state that such an event changes, by its property: how much an agent may
   * change it without people can then be limited. None: the size of the change is not known.
   */
  readonly measures?: string;
  /**
   * Properties of the data that say again what the state was before, each with the path of that
   * value in the state. Events that take a decision back may not say anything else.
   */
  readonly restates?: Readonly<Record<string, string>>;
  /**
   * All that it changes, by name, of a type that may always come and changes nothing of what else may
   * come: a decision that touches none of it may overlook such an event. Not so what moves a status.
   */
  readonly touches?: readonly string[];
  /** For each older version, how its data becomes that of the next. Pure; never changes its input. */
  readonly upcasters: Upcasters;
}

/** By schema version: data of that version to data of the next. */
export type Upcasters = Readonly<Record<number, (data: Data) => Data>>;
type Data = Readonly<Record<string, unknown>>;

/**
 * Data stored at an older schema version, as it would be posted today. Data of the current or an
 * unknown version comes back as it is: the schema decides.
 */
export function upcast(type: EventType, schemaVersion: number, data: unknown): unknown {
  let current = data;
  for (let version = schemaVersion; version < type.schemaVersion; version++) {
    const upcaster = type.upcasters[version];
    // The log holds objects only: a named check of the table says so.
    if (upcaster) current = upcaster(current as Data);
  }
  return current;
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
    readonly schemaVersion?: number;
    readonly measures?: string;
    readonly restates?: Readonly<Record<string, string>>;
    readonly touches?: readonly string[];
    readonly upcasters?: Upcasters;
  };
};

type EventTypes<S extends Schemas> = {
  readonly [Name in keyof S & string]: EventType<z.output<S[Name]>, Name>;
};

/**
 * Names event types by their key and keeps the data type of each, so that `EventOf` can make a
 * union of them. A type is at schema version 1 unless it says otherwise.
 */
export function eventTypes<S extends Schemas>(definitions: Definitions<S>): EventTypes<S> {
  const named = Object.entries(definitions).map(([type, definition]) => [
    type,
    { type, schemaVersion: 1, upcasters: {}, ...definition },
  ]);
  // The mapped type describes exactly what the loop builds; Object.fromEntries forgets the keys.
  return Object.fromEntries(named) as EventTypes<S>;
}
