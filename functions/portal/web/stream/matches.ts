import type { StoredEvent } from "../../../../shared/client/mod.ts";
import type { FilterName, Filters } from "./filters.ts";

type Test = (event: StoredEvent, wanted: string) => boolean;

const tests: Record<Exclude<FilterName, "processed" | "failed">, Test> = {
  event_type: (event, wanted) =>
    wanted.endsWith("*")
      ? event.event_type.startsWith(wanted.slice(0, -1))
      : event.event_type === wanted,
  aggregate_type: (event, wanted) => event.aggregate_type === wanted,
  aggregate_id: (event, wanted) => event.aggregate_id === wanted.toLowerCase(),
  correlation_id: (event, wanted) =>
    event.correlation_id === wanted.toLowerCase() || event.metadata.correlation_key === wanted,
  causation_id: (event, wanted) => event.causation_id === wanted.toLowerCase(),
  created_by: (event, wanted) => event.created_by === wanted,
  user_id: (event, wanted) => event.user_id === wanted.toLowerCase(),
  since: (event, wanted) => Date.parse(event.created_at) >= Date.parse(wanted),
  until: (event, wanted) => Date.parse(event.created_at) < Date.parse(wanted),
  data: (event, wanted) => contains(event.data, JSON.parse(wanted)),
};

/** Whether an event that has just come belongs to what is shown: as `GET /events` would say. */
export function matches(event: StoredEvent, filters: Filters): boolean {
  return Object.entries(tests).every(([name, test]) => {
    const wanted = filters[name as FilterName]; // the keys of `tests`
    return wanted === undefined || test(event, wanted);
  });
}

/** PostgreSQL's `@>` for JSON. */
export function contains(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.every((one) => whole.some((other) => contains(other, one)));
  }
  if (typeof part === "object" && part !== null) {
    return typeof whole === "object" && whole !== null && !Array.isArray(whole) &&
      Object.entries(part).every(([key, value]) =>
        Object.hasOwn(whole, key) && contains(whole[key as keyof typeof whole], value)
      );
  }
  return whole === part;
}
