import { z } from "zod";

/** Something other than white space, and nothing Postgres cannot store or people cannot read. */
const READABLE = /^(?=[^]*\S)(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/u;

/** Text for people: not blank, no control characters but tab and new line, up to `max` long. */
export function text(max: number) {
  return z.string().max(max).regex(READABLE, {
    error: ({ input }) =>
      `Expected text ${
        /\S/.test(String(input)) ? "without control characters" : "that is not blank"
      }`,
  });
}

/** Why something was done, for people who read the log later. */
export const reason = text(500).describe("Why, for people who read the log later");

/** Any UUID, given back in lower case as Postgres does. */
export const id = z.guid().toLowerCase();

/** A calendar date, `YYYY-MM-DD`. */
export const date = z.iso.date().regex(/^[12]/, "Expected a year from 1000 to 2999");

/** An instant with its offset from UTC, as Postgres can read it: to the microsecond, 15 hours away. */
export const instant = z.iso.datetime({ offset: true })
  .regex(/^[12][^.]*(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/, "Expected at most 6 decimals of a second")
  .regex(/(Z|[+-](0\d|1[0-5]):\d\d)$/, "Expected an offset of less than 16 hours");

/** A whole number of pieces, from 1. */
export const quantity = z.int().min(1).max(1_000_000);

/** The shop's article number. */
export const sku = z.string().max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._\/-]*$/, "Expected letters, digits and . _ / -");

/** A machine-readable name such as `category_agent`. */
export const slug = z.string().max(63)
  .regex(/^[a-z][a-z0-9_]*$/, "Expected lower-case letters, digits and _");

/** A telephone number as people write it. */
export const phone = z.string().max(32)
  .regex(/^\+?[0-9][0-9 ()-]*$/, "Expected digits, spaces, brackets and dashes");

export const email = z.email().max(254);

/** A postal address. */
export const address = z.strictObject({
  line1: text(200),
  line2: text(200).optional(),
  city: text(100),
  region: text(100).optional(),
  postal_code: text(20),
  country: z.string().regex(/^[A-Z]{2}$/, "Expected a two-letter country code"),
});

/** A postal address. */
export type Address = z.output<typeof address>;

/** For `refine`: an event that changes something names at least one field. */
export function namesAField(data: object): boolean {
  return Object.keys(data).length > 0;
}
