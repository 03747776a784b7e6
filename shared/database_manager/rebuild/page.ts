import type { Row } from "../../domain/aggregate.ts";
import { findAggregate } from "../../domain/aggregates.ts";
import { byAggregate, rowsByAggregate } from "../grouping.ts";
import {
  type Difference,
  differences,
  type Finding,
  type Folding,
  foldOn,
  type ProcessedEvent,
  unfolded,
} from "./compare.ts";

/** Processed events, aggregate by aggregate, with the rows of their aggregates: one snapshot. */
export interface Page {
  readonly events: readonly ProcessedEvent[];
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  /** The fold of the page's first aggregate so far, when the page before ended inside it. */
  readonly partial_state: Folding | null;
  /** Whether the page's last aggregate has no further processed event. */
  readonly last_is_complete: boolean;
}

/** What a page showed, and where to go on. */
export interface PageResult {
  readonly events: number;
  readonly differences: readonly Difference[];
  readonly findings: readonly Finding[];
  readonly partial_state: Folding | null;
  readonly after_type: string;
  readonly after_id: string;
  readonly after_version: number;
}

/** Folds a page and compares every aggregate that ends in it. Pure. */
export function comparePage(page: Page): PageResult {
  const groups = [...byAggregate(page.events)];
  const rows = rowsByAggregate(page.events, page.rows);
  const found: { differences: Difference[]; findings: Finding[] } = {
    differences: [],
    findings: [],
  };
  let partial: Folding | null = null;
  groups.forEach(([key, events], index) => {
    const [{ aggregate_type, aggregate_id }] = events;
    const aggregate = findAggregate(aggregate_type);
    if (!aggregate) return;
    const from = index === 0 && page.partial_state ? page.partial_state : unfolded;
    const { folding, findings } = foldOn(aggregate, from, events);
    found.findings.push(...findings);
    if (index === groups.length - 1 && !page.last_is_complete) partial = folding;
    else if (!folding.failed) {
      found.differences.push(
        ...differences(aggregate, aggregate_id, folding, rows.get(key) ?? {}),
      );
    }
  });
  const last = page.events.at(-1);
  return {
    ...found,
    events: page.events.length,
    partial_state: partial,
    after_type: last?.aggregate_type ?? "",
    after_id: last?.aggregate_id ?? "00000000-0000-0000-0000-000000000000",
    // Past a finished aggregate altogether: an event that it gets meanwhile is not half of one.
    after_version: page.last_is_complete ? Number.MAX_SAFE_INTEGER : last?.aggregate_version ?? 0,
  };
}

/** An aggregate by its name. */
export interface AggregateName {
  readonly aggregate_type: string;
  readonly aggregate_id: string;
}

/** The aggregates that {@link comparePage} has compared: all but one that goes on after the page. */
export function endedIn({ events, last_is_complete }: Page): AggregateName[] {
  const names = [...byAggregate(events).values()]
    .map(([{ aggregate_type, aggregate_id }]) => ({ aggregate_type, aggregate_id }));
  return last_is_complete ? names : names.slice(0, -1);
}
