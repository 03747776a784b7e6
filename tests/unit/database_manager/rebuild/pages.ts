import type { ProcessedEvent } from "../../../../shared/database_manager/rebuild/compare.ts";
import type { Page } from "../../../../shared/database_manager/rebuild/page.ts";
import type { Row } from "../../../../shared/domain/aggregate.ts";

export const PUMP = "11111111-1111-4111-8111-111111111111";
export const MOTOR = "22222222-2222-4222-8222-222222222222";
export const DEALER = "33333333-3333-4333-8333-333333333333";

let number = 0;

/** A processed event with a receipt, as a scan reads it; the next number of the log. */
export function processed(
  event_type: string,
  aggregate_id: string,
  aggregate_version: number,
  data: unknown,
  special: Partial<ProcessedEvent> = {},
): ProcessedEvent {
  number += 1;
  return {
    id: `01932b7e-5d00-7000-8000-${String(number).padStart(12, "0")}`,
    event_number: number,
    event_type,
    aggregate_type: event_type.split(".")[0] ?? "",
    aggregate_id,
    aggregate_version,
    schema_version: 1,
    data,
    created_by: "system",
    owner_id: null,
    created_at: momentOf(aggregate_version),
    skip_reason: null,
    has_receipt: true,
    ...special,
  };
}

export function created(id: string, special: Partial<ProcessedEvent> = {}): ProcessedEvent {
  const data = { sku: `P-${id[0]}`, name: "Pump", base_price: 100 };
  return processed("product.created", id, 1, data, special);
}

export function moved(id: string, version: number, quantity_change: number): ProcessedEvent {
  return processed("product.stock_updated", id, version, { quantity_change, reason: "count" });
}

/** The row of a product that was created and then moved up to a version. */
export function productRow(
  id: string,
  version: number,
  stock_quantity: number,
  special: Row = {},
): Row {
  return {
    id,
    version,
    owner_id: null,
    created_at: momentOf(1),
    updated_at: momentOf(version),
    sku: `P-${id[0]}`,
    name: "Pump",
    category: null,
    description: null,
    base_price: 100,
    price_effective_date: null,
    stock_quantity,
    status: "active",
    ...special,
  };
}

/** A page of whole aggregates, unless told otherwise. */
export function page(
  events: readonly ProcessedEvent[],
  rows: Page["rows"] = {},
  special: Partial<Page> = {},
): Page {
  return { events, rows, partial_state: null, last_is_complete: true, ...special };
}

function momentOf(version: number): string {
  return `2026-11-01T10:00:${String(version).padStart(2, "0")}.000001+00:00`;
}
