import type { Batch, PendingEvent } from "../../../shared/database_manager/batch.ts";

export const PRODUCT = "11111111-1111-4111-8111-111111111111";
export const ORDER = "22222222-2222-4222-8222-222222222222";

/** An event as take_events gives it, with fixed values unless told otherwise. */
export function pending(
  number: number,
  type: string,
  version: number,
  data: unknown,
  more: Partial<PendingEvent> = {},
): PendingEvent {
  const aggregate = type.split(".")[0] ?? "";
  return {
    id: `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`,
    event_number: number,
    event_type: type,
    aggregate_type: aggregate,
    aggregate_id: aggregate === "order" ? ORDER : PRODUCT,
    aggregate_version: version,
    schema_version: 1,
    data,
    created_by: "system",
    owner_id: null,
    created_at: `2026-11-01T10:00:0${number % 10}.000001+00:00`,
    correlation_id: null,
    processing_attempts: 0,
    skip_reason: null,
    previous_processed: version === 1,
    ...more,
  };
}

export function batchOf(events: PendingEvent[], rows: Batch["rows"] = {}): Batch {
  return { leases: [{ partition: 1, token: 1 }], events, rows, in_flight: false, again: true };
}

export const created = pending(1, "product.created", 1, {
  sku: "PUMP-1",
  name: "Pump",
  base_price: 5999,
});

export function repriced(number: number, version: number, from: number, to: number): PendingEvent {
  return pending(number, "product.price_changed", version, {
    old_price: from,
    new_price: to,
    reason: "competitor_match",
    effective_date: "2026-11-02",
  });
}
