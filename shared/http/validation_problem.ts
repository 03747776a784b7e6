import type { z } from "zod";
import { ApplicationError, type FieldError } from "../errors.ts";
import { pointerToken } from "./inspect_json.ts";

/** Where hono found the value that a schema refused. */
export type Target = "json" | "query" | "param" | "header" | "cookie" | "form";

/** The wrong places of a zod error as JSON pointers below `root`. */
export function fieldErrors(error: z.core.$ZodError, root = ""): FieldError[] {
  return error.issues.flatMap((issue) => {
    const pointer = pointerOf(root, issue.path);
    if (issue.code !== "unrecognized_keys") return [{ pointer, message: issue.message }];
    return issue.keys.map((key) => ({
      pointer: `${pointer}/${pointerToken(key)}`,
      message: "is not known here",
    }));
  });
}

function pointerOf(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((pointer, step) => `${pointer}/${pointerToken(String(step))}`, root);
}

/**
 * The error for a request that its schema refused: a body is 422 with pointers into the body, a
 * parameter is 400 with pointers such as `/query/limit`, `/path/id` or `/header/prefer`.
 */
export function validationError(target: Target, error: z.core.$ZodError): ApplicationError {
  if (target === "json") {
    return new ApplicationError("validation_failed", "The body is not what this endpoint takes.", {
      errors: fieldErrors(error),
    });
  }
  const place = target === "param" ? "path" : target;
  return new ApplicationError("invalid_parameter", `A ${place} parameter is not valid.`, {
    errors: fieldErrors(error, `/${place}`),
  });
}
