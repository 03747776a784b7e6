import { z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import { ApplicationError, type ErrorCode } from "../errors.ts";
import type { AppContext } from "./app_environment.ts";

/** The body of every answer that is not a success (RFC 9457). */
export const Problem = z.looseObject({
  type: z.string().openapi({ example: "urn:problem:invalid_event_data" }),
  title: z.string().openapi({ example: "The data does not match the schema of its event type" }),
  status: z.int().openapi({ example: 422 }),
  detail: z.string().openapi({ example: "The data of product.created is not valid." }),
  code: z.string().openapi({ example: "invalid_event_data" }),
  request_id: z.string().openapi({ example: "5a0c7d66-9c5b-4d3c-a6a5-2f3f3d1d7a11" }),
  errors: z.array(z.object({
    pointer: z.string().openapi({ example: "/data/base_price" }),
    message: z.string().openapi({ example: "Too small: expected number to be >=0" }),
  })).optional(),
}).openapi("Problem");

/** Answers any thrown error as a problem; only an ApplicationError says more than "internal". */
export function problemResponse(thrown: Error, c: AppContext): Response {
  const error = asApplicationError(thrown);
  c.set("problemCode", error.code);
  if (error.status >= 500) report(error, thrown, c);
  const body = {
    ...error.members,
    type: `urn:problem:${error.code}`,
    title: error.title,
    status: error.status,
    detail: error.detail,
    code: error.code,
    request_id: c.get("requestId"),
    ...(error.errors && { errors: error.errors }),
  };
  const headers = { "Content-Type": "application/problem+json", ...error.headers };
  return c.body(JSON.stringify(body), error.status, headers);
}

const CODE_OF_STATUS: Record<number, ErrorCode> = {
  400: "invalid_json",
  404: "not_found",
  413: "payload_too_large",
  415: "unsupported_media_type",
};

function asApplicationError(thrown: Error): ApplicationError {
  if (thrown instanceof ApplicationError) return thrown;
  const code = thrown instanceof HTTPException ? CODE_OF_STATUS[thrown.status] : undefined;
  return code
    ? new ApplicationError(code, thrown.message, { cause: thrown })
    : new ApplicationError("internal_error", "The request could not be completed.");
}

function report(error: ApplicationError, thrown: Error, c: AppContext): void {
  const { stack } = thrown;
  const cause = error.cause instanceof Error ? error.cause.message : error.cause;
  const request_id = c.get("requestId");
  console.error(JSON.stringify({ level: "error", code: error.code, request_id, cause, stack }));
}
