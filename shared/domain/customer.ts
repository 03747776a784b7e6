import { z } from "zod";
import {
  type Aggregate,
  type AggregateState,
  type Body,
  DomainError,
  type EventOf,
  requireCreated,
  requireNew,
} from "./aggregate.ts";
import { backOffice, customersToo, eventTypes } from "./event_type.ts";
import { type Address, address, email, namesAField, phone, reason, text } from "./fields.ts";

/** The facts about a customer. */
export const customerEvents = eventTypes({
  "customer.registered": {
    description: "A customer opened an account.",
    schema: z.strictObject({
      email,
      name: text(200),
      phone: phone.optional(),
      address: address.optional(),
    }),
    example: {
      email: "asha.kulkarni@example.com",
      name: "Asha Kulkarni",
      phone: "+91 98220 14471",
      address: { line1: "14 Canal Road", city: "Pune", postal_code: "411001", country: "IN" },
    },
    postedBy: customersToo,
  },
  "customer.profile_updated": {
    description: "A customer's details changed; only the named fields. null clears one.",
    schema: z.strictObject({
      email: email.optional(),
      name: text(200).optional(),
      phone: phone.nullable().optional(),
      address: address.nullable().optional(),
    }).refine(namesAField, "Expected at least one field").meta({ minProperties: 1 }),
    example: { phone: "+91 98220 14472" },
    postedBy: customersToo,
  },
  "customer.deactivated": {
    description: "The account was closed.",
    schema: z.strictObject({ reason }),
    example: { reason: "The customer asked for it" },
    postedBy: backOffice,
  },
  "customer.reactivated": {
    description: "A closed account was opened again.",
    schema: z.strictObject({ reason }),
    example: { reason: "The customer came back" },
    postedBy: backOffice,
  },
});

/** An event of a customer. */
export type CustomerEvent = EventOf<typeof customerEvents>;

/** A row of `customers`. */
export interface CustomerState extends AggregateState {
  readonly email: string;
  readonly name: string;
  readonly phone: string | null;
  readonly address: Address | null;
  readonly status: "active" | "deactivated";
}

/** Customers: who buys. */
export const customer: Aggregate<CustomerState, CustomerEvent> = {
  type: "customer",
  generation: 1,
  table: "customers",
  children: {},
  eventTypes: customerEvents,
  evolve(state, event) {
    switch (event.event_type) {
      case "customer.registered":
        requireNew(state, event);
        return { phone: null, address: null, ...event.data, status: "active" };
      case "customer.profile_updated":
        return { ...requireCreated(state, event), ...event.data };
      case "customer.deactivated":
        return movedTo("deactivated", requireCreated(state, event));
      case "customer.reactivated":
        return movedTo("active", requireCreated(state, event));
    }
  },
};

function movedTo(status: CustomerState["status"], state: CustomerState): Body<CustomerState> {
  if (state.status !== status) return { ...state, status };
  throw new DomainError("impossible_transition", `The customer is already ${status}`);
}
