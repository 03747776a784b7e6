import { ApplicationError } from "../errors.ts";

/** The longest a client may wait for an answer, in seconds. */
const LONGEST_WAIT = 30;

/**
 * The seconds of `wait` in a Prefer header (RFC 7240), or null when it does not ask to wait.
 *
 * @throws ApplicationError `invalid_parameter` (400) unless it is a whole number from 1 to 30
 */
export function waitSeconds(prefer: string | undefined): number | null {
  const wait = prefer?.split(",").map((one) => one.trim())
    .find((preference) => /^wait\b/i.test(preference));
  if (wait === undefined) return null;
  const seconds = Number(/^wait\s*=\s*"?(\d{1,4})"?$/i.exec(wait)?.[1]);
  if (seconds >= 1 && seconds <= LONGEST_WAIT) return seconds;
  const message = `Expected wait=1 to wait=${LONGEST_WAIT}`;
  throw new ApplicationError("invalid_parameter", "A header parameter is not valid.", {
    errors: [{ pointer: "/header/prefer", message }],
  });
}
