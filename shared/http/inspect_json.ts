import { ApplicationError, type FieldError } from "../errors.ts";

/** How deep arrays and objects of a body may nest. */
const DEEPEST = 32;
/** How many wrong places are reported at most. */
const MOST_ERRORS = 50;

/**
 * Refuses values that parse as JSON but that the log could not keep as they are: numbers beyond
 * what a double holds exactly, characters PostgreSQL has no room for, bottomless nesting.
 *
 * @throws ApplicationError `invalid_json` (400) when too deep, `validation_failed` (422)
 */
export function inspectJson(value: unknown): void {
  const errors: FieldError[] = [];
  walk(value, "", 0, errors);
  if (errors.length > 0) {
    throw new ApplicationError("validation_failed", "The body holds values that cannot be kept.", {
      errors,
    });
  }
}

function walk(value: unknown, pointer: string, depth: number, errors: FieldError[]): void {
  if (typeof value === "string") return inspectString(value, pointer, errors);
  if (typeof value === "number") return inspectNumber(value, pointer, errors);
  if (typeof value !== "object" || value === null) return;
  if (depth >= DEEPEST) {
    throw new ApplicationError("invalid_json", `The body nests deeper than ${DEEPEST} levels.`);
  }
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) walk(value[i], `${pointer}/${i}`, depth + 1, errors);
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    const below = `${pointer}/${pointerToken(key)}`;
    inspectString(key, below, errors);
    walk(member, below, depth + 1, errors);
  }
}

function inspectString(text: string, pointer: string, errors: FieldError[]): void {
  // A NUL or half a surrogate pair is legal JSON, but no PostgreSQL text.
  if (text.includes("\0")) add(errors, pointer, "holds the character U+0000");
  else if (!text.isWellFormed()) add(errors, pointer, "holds half a surrogate pair");
}

function inspectNumber(value: number, pointer: string, errors: FieldError[]): void {
  if (!Number.isFinite(value)) add(errors, pointer, "is too large for a number");
  else if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    add(errors, pointer, "is too large to be kept exactly; send it as a string");
  }
}

function add(errors: FieldError[], pointer: string, message: string): void {
  if (errors.length < MOST_ERRORS) errors.push({ pointer, message });
}

/** One step of a JSON pointer, escaped (RFC 6901). */
export function pointerToken(key: string): string {
  return /[~/]/.test(key) ? key.replaceAll("~", "~0").replaceAll("/", "~1") : key;
}
