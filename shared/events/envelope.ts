import { z } from "@hono/zod-openapi";

/** `aggregate.action`, such as `order.created`. */
export const eventTypeName = z.string().max(100)
  .regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, "Expected aggregate.action in lower case")
  .openapi({ example: "product.created" });

/** The kind of entity an event belongs to, such as `order`. */
export const aggregateTypeName = z.string().max(50)
  .regex(/^[a-z][a-z0-9_]*$/, "Expected letters, digits and _ in lower case")
  .openapi({ example: "product" });

/** Any UUID; given back in lower case, as PostgreSQL writes it. */
export const uuid = z.guid().toLowerCase().openapi({ format: "uuid" });

/** A JSON object, passed on as it is. What may be in it is somebody else's question. */
export const jsonObject = z.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "Expected an object",
).openapi({ type: "object", additionalProperties: true });

/** A JSON object or null. */
export const nullableJsonObject = jsonObject.nullable().openapi({ type: ["object", "null"] });

/** An event as a client posts it. Optional fields may also be null, as many clients write "none". */
export const PostedEvent = z.strictObject({
  event_type: eventTypeName,
  aggregate_type: aggregateTypeName,
  aggregate_id: uuid,
  data: jsonObject,
  metadata: nullableJsonObject.optional(),
  created_by: z.string().max(255).nullish().openapi({
    description: "user:<uuid>, agent:<name> or system. Only the backend is believed; what others " +
      "claim here is kept in the metadata",
  }),
  user_id: uuid.nullish(),
  correlation_id: z.string().min(1).max(255).nullish(),
  causation_id: uuid.nullish(),
  idempotency_key: z.string().min(1).max(255).nullish(),
  expected_version: z.int().min(0).nullish(),
}).openapi("PostedEvent", {
  example: {
    event_type: "product.created",
    aggregate_type: "product",
    aggregate_id: "123e4567-e89b-12d3-a456-426614174000",
    data: {
      sku: "SUBM-05HP-DOM-SS-50LPM-20M",
      name: "0.5HP Submersible Pump",
      base_price: 5999,
    },
    metadata: { source: "web_ui" },
    correlation_id: "range-update-2025-10",
    idempotency_key: "import-7-line-12",
    expected_version: 0,
  },
});
export type PostedEvent = z.output<typeof PostedEvent>;

const time = z.string().openapi({ format: "date-time" });

/** An event as the log keeps it: a row of `events`. */
export const StoredEvent = z.object({
  id: uuid,
  event_number: z.int().openapi({ description: "Order of the whole log; gaps are possible" }),
  event_type: eventTypeName,
  aggregate_type: aggregateTypeName,
  aggregate_id: uuid,
  aggregate_version: z.int().openapi({ description: "1, 2, 3… within the aggregate" }),
  schema_version: z.int(),
  data: jsonObject,
  metadata: jsonObject,
  created_by: z.string().openapi({ description: "user:<uuid>, agent:<name> or system" }),
  user_id: uuid.nullable(),
  owner_id: uuid.nullable().openapi({ description: "The user who may read the aggregate" }),
  created_at: time,
  correlation_id: uuid.nullable(),
  causation_id: uuid.nullable(),
  idempotency_key: z.string().nullable(),
  processed: z.boolean(),
  processed_at: time.nullable(),
  processing_error: z.string().nullable(),
  processing_attempts: z.int(),
  next_attempt_at: time.nullable(),
  skip_reason: z.string().nullable(),
}).openapi("Event", {
  example: {
    id: "0199f0c1-7a10-7c4e-9b5e-2f3f3d1d7a11",
    event_number: 1042,
    event_type: "product.created",
    aggregate_type: "product",
    aggregate_id: "123e4567-e89b-12d3-a456-426614174000",
    aggregate_version: 1,
    schema_version: 1,
    data: {
      sku: "SUBM-05HP-DOM-SS-50LPM-20M",
      name: "0.5HP Submersible Pump",
      base_price: 5999,
    },
    metadata: { source: "web_ui", correlation_key: "range-update-2025-10" },
    created_by: "user:5f0f3a0e-27a0-4b36-9b5c-0c6b3a9f2a11",
    user_id: "5f0f3a0e-27a0-4b36-9b5c-0c6b3a9f2a11",
    owner_id: null,
    created_at: "2025-10-26T09:30:00.123456+00:00",
    correlation_id: "5f3d8f4e-6d3b-5a56-9c2f-3d1c1a0b7e42",
    causation_id: null,
    idempotency_key: "import-7-line-12",
    processed: true,
    processed_at: "2025-10-26T09:30:00.201+00:00",
    processing_error: null,
    processing_attempts: 1,
    next_attempt_at: null,
    skip_reason: null,
  },
});
export type StoredEvent = z.output<typeof StoredEvent>;
