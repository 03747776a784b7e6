import type { RouteConfig } from "@hono/zod-openapi";
import { type ErrorCode, errorCodes } from "../errors.ts";
import type { EndpointRoute } from "./endpoint.ts";

type Answers = RouteConfig["responses"];

/**
 * The problems a route can answer, one response per status that names its codes: those of its
 * kind, which follow from the declaration, and those it lists itself.
 */
export function problemAnswers(route: EndpointRoute): Answers {
  const codes = new Set([...impliedProblems(route), ...route.problems ?? []]);
  const byStatus = Map.groupBy(codes, (code) => errorCodes[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [status, answer(status, codes)]),
  );
}

function impliedProblems({ who, request }: EndpointRoute): ErrorCode[] {
  const codes: ErrorCode[] = ["internal_error"];
  if (who !== "anyone") {
    codes.push("unauthenticated", "forbidden", "auth_unavailable", "database_unavailable");
  }
  if (request?.params || request?.query || request?.headers) codes.push("invalid_parameter");
  if (request?.body) {
    codes.push("invalid_json", "payload_too_large", "unsupported_media_type", "validation_failed");
  }
  return codes;
}

// Plain OpenAPI: as zod schemas these would be most of what an app has to build when it starts.
function answer(status: number, codes: ErrorCode[]): Answers[number] {
  return {
    description: codes.map((code) => `\`${code}\`: ${errorCodes[code].title}`).join("\n\n"),
    ...(headers[status] && { headers: headers[status] }),
    content: {
      "application/problem+json": {
        schema: {
          allOf: [{ $ref: "#/components/schemas/Problem" }],
          properties: {
            status: { const: status },
            code: { enum: codes },
            ...Object.assign({}, ...codes.map((code) => members[code])),
          },
        },
      },
    },
  };
}

/** What a problem says beside the usual, by its code. */
const members: Partial<Record<ErrorCode, Record<string, object>>> = {
  version_conflict: {
    aggregate_type: { type: "string" },
    aggregate_id: { type: "string", format: "uuid" },
    expected_version: { type: "integer" },
    current_version: { type: "integer" },
    missed: {
      type: "array",
      items: { $ref: "#/components/schemas/Event" },
      description: "The events since the expected version",
    },
  },
  rebuild_running: {
    rebuild_id: { type: "string", format: "uuid" },
    kind: { type: "string" },
    rebuild_status: { type: "string" },
  },
};

const headers: Record<number, Record<string, { description: string; schema: object }>> = {
  401: { "WWW-Authenticate": { description: "What to send", schema: { type: "string" } } },
  503: { "Retry-After": { description: "Seconds to wait", schema: { type: "string" } } },
};
