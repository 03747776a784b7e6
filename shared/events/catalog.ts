import { z } from "zod";
import { AGENT, AGENT_POLICY, agentEvents, agentPolicyEvents } from "../domain/agent.ts";
import { aggregates } from "../domain/aggregates.ts";
import type { EventType } from "../domain/event_type.ts";
import { CATEGORY, categoryEvents, MARKET, marketEvents } from "../domain/market.ts";
import { SYSTEM, systemEvents } from "../domain/system.ts";

/** An event type with the aggregate type its events belong to. */
export interface CatalogEntry extends EventType {
  readonly aggregateType: string;
}

/** A JSON Schema 2020-12 document. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Every event type the code knows, in the order of the aggregates. */
export const catalog: readonly CatalogEntry[] = [
  ...aggregates.flatMap(({ type, eventTypes }) => entries(type, eventTypes)),
  ...entries(MARKET, marketEvents),
  ...entries(CATEGORY, categoryEvents),
  ...entries(AGENT, agentEvents),
  ...entries(AGENT_POLICY, agentPolicyEvents),
  ...entries(SYSTEM, systemEvents),
];

const byName: ReadonlyMap<string, CatalogEntry> = new Map(
  catalog.map((entry) => [entry.type, entry]),
);

/** The event type of that name, or undefined when the code does not know it. */
export function findEventType(type: string): CatalogEntry | undefined {
  return byName.get(type);
}

/** What a type's data must look like, for people and tools that do not read zod. */
export function jsonSchemaOf(type: EventType): JsonSchema {
  return { ...z.toJSONSchema(type.schema, { target: "draft-2020-12" }) };
}

function entries(aggregateType: string, types: Readonly<Record<string, EventType>>) {
  return Object.values(types).map((type) => ({ ...type, aggregateType }));
}
