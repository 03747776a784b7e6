import { z } from "zod";
import type { EventOf } from "./aggregate.ts";
import { backOffice, customersToo, eventTypes } from "./event_type.ts";
import { address, id, reason, text } from "./fields.ts";
import { money, positiveMoney } from "./money.ts";
import { MAX_LINES, orderItem } from "./order_items.ts";
import { paymentMethod } from "./payment_method.ts";

const workStatus = z.enum(["placed", "processing", "on_hold", "shipped"]);

const PUMP = {
  product_id: "123e4567-e89b-12d3-a456-426614174000",
  sku: "SUBM-05HP-DOM-SS-50LPM-20M",
  name: "0.5HP Submersible Pump",
  quantity: 2,
  unit_price: 5499,
};
const CABLE = {
  product_id: "123e4567-e89b-12d3-a456-426614174001",
  sku: "CABLE-3C-25SQMM-30M",
  name: "Submersible cable, 30 m",
  quantity: 1,
  unit_price: 1249.5,
};

/** The facts about an order. */
export const orderEvents = eventTypes({
  "order.created": {
    description: "A cart was begun: a draft with its first items. It binds nobody yet.",
    schema: z.strictObject({
      customer_id: id,
      items: z.array(orderItem).min(1).max(MAX_LINES).describe(
        "Become lines 1, 2, 3… in this order",
      ),
      notes: text(2000).optional(),
    }),
    example: {
      customer_id: "123e4567-e89b-12d3-a456-426614174100",
      items: [PUMP],
      notes: "Please call before delivery",
    },
    postedBy: customersToo,
  },
  "order.item_added": {
    description: "An item was put into a draft, as the line after the highest.",
    schema: orderItem,
    example: CABLE,
    postedBy: customersToo,
  },
  "order.item_removed": {
    description: "A line was taken out of a draft.",
    schema: z.strictObject({ line: z.int().min(1).max(1_000_000) }),
    example: { line: 2 },
    postedBy: customersToo,
  },
  "order.placed": {
    description: "The customer committed to the draft, at the total they were shown.",
    schema: z.strictObject({
      total: money.describe("Must be the total of the items"),
      shipping_address: address.optional(),
    }),
    example: {
      total: 10998,
      shipping_address: {
        line1: "14 Canal Road",
        city: "Pune",
        region: "Maharashtra",
        postal_code: "411001",
        country: "IN",
      },
    },
    postedBy: customersToo,
  },
  "order.payment_received": {
    description: "Money for the order came in. Paying for a draft places it.",
    schema: z.strictObject({
      payment_id: id.optional().describe("The payment aggregate, when there is one"),
      amount: positiveMoney,
      method: paymentMethod.optional(),
    }),
    example: {
      payment_id: "123e4567-e89b-12d3-a456-426614174200",
      amount: 10998,
      method: "upi",
    },
    postedBy: backOffice,
  },
  "order.status_changed": {
    description: "The shop's work moved on. Placing, fulfilling and cancelling have own types.",
    schema: z.strictObject({
      old_status: workStatus,
      new_status: workStatus,
      reason: reason.optional(),
    }),
    example: { old_status: "placed", new_status: "processing", reason: "Picked from shelf 14" },
    postedBy: backOffice,
  },
  "order.fulfilled": {
    description: "The customer has everything. Takes the items out of stock.",
    schema: z.strictObject({
      carrier: text(100).optional(),
      tracking_number: text(100).optional(),
    }),
    example: { carrier: "Blue Dart", tracking_number: "BD4471092" },
    postedBy: backOffice,
  },
  "order.cancelled": {
    description: "The order will not be delivered; possible until it is shipped.",
    schema: z.strictObject({ reason }),
    example: { reason: "Ordered the wrong model" },
    postedBy: customersToo,
  },
  "order.refunded": {
    description: "Money of the order went back to the customer.",
    schema: z.strictObject({ payment_id: id.optional(), amount: positiveMoney, reason }),
    example: {
      payment_id: "123e4567-e89b-12d3-a456-426614174200",
      amount: 5499,
      reason: "One pump was faulty",
    },
    postedBy: backOffice,
  },
});

/** An event of an order. */
export type OrderEvent = EventOf<typeof orderEvents>;
