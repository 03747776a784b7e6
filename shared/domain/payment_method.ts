import { z } from "zod";

/** How money came in. */
export const paymentMethod = z.enum(["card", "upi", "bank_transfer", "cash", "cheque", "other"]);

/** How money came in. */
export type PaymentMethod = z.output<typeof paymentMethod>;
