/** What the stream can be narrowed to: the filters of `GET /events`, by the same names. */
export const filterNames = [
  "event_type",
  "aggregate_type",
  "aggregate_id",
  "correlation_id",
  "causation_id",
  "created_by",
  "user_id",
  "processed",
  "failed",
  "since",
  "until",
  "data",
] as const;

export type FilterName = typeof filterNames[number];
export type Filters = Readonly<Partial<Record<FilterName, string>>>;

export function filtersOf(query: URLSearchParams): Filters {
  return Object.fromEntries(filterNames.flatMap((name) => {
    const value = query.get(name);
    return value ? [[name, value]] : [];
  }));
}

/** Filters that come true or false while an event is processed: the feed does not tell of that. */
export function followsProcessing({ processed, failed }: Filters): boolean {
  return processed !== undefined || failed !== undefined;
}

export const labels: Record<FilterName, string> = {
  event_type: "Type",
  aggregate_type: "Aggregate type",
  aggregate_id: "Aggregate id",
  correlation_id: "Correlation",
  causation_id: "Caused by",
  created_by: "Actor",
  user_id: "User",
  processed: "Processed",
  failed: "Failed",
  since: "From",
  until: "Before",
  data: "Data contains",
};
