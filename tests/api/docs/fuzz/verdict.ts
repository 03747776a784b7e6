import type { Operation } from "../operation.ts";
import type { SchemaReader } from "./schema_reader.ts";

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** What an answer has in it that the document does not promise; null when all is well. */
export function faultOfAnswer(
  { operation, problems }: Operation,
  answer: Answer,
  requestFault: string | null,
  reader: SchemaReader,
): string | null {
  const { status, headers, text } = answer;
  const declared = operation.responses[status];
  if (!declared) return `undocumented status ${status}`;
  if (status >= 500) return `status ${status}`;
  if (!headers.get("x-request-id")) return "no X-Request-Id";
  const type = headers.get("content-type")?.split(";")[0] ?? "";
  if (!declared.content) return text === "" ? null : "a body where none is documented";
  const schema = declared.content[type]?.schema;
  if (!schema) return `undocumented type "${type}" for ${status}`;
  const body = JSON.parse(text);
  const fault = reader.fault(schema, body);
  if (fault) return `the ${status} is not as documented: ${fault}`;
  if (status < 400) return requestFault && `accepted although ${requestFault}`;
  if (!problems.get(status)?.has(body.code)) return `undocumented code ${body.code}`;
  if (body.status !== status || body.type !== `urn:problem:${body.code}`) {
    return "a crooked problem";
  }
  return requestFault === null && blamesTheRequest(body)
    ? `refused although it conforms: ${JSON.stringify(body.errors ?? body.detail)}`
    : null;
}

interface Problem {
  code: string;
  errors?: { pointer: string }[];
}

/** Codes that say "this is not what the document asks for". */
const REFUSED = [
  "invalid_json",
  "unsupported_media_type",
  "validation_failed",
  "invalid_parameter",
];
/**
 * Where rules between several values are, or between a value and who sends it: OpenAPI can only
 * tell them in words.
 */
const BETWEEN = /^(\/query|\/header\/idempotency-key|(\/events\/\d+)?\/created_by)$/;

function blamesTheRequest({ code, errors }: Problem): boolean {
  // Without a pointer a parameter is well-formed, but not for what is stored now.
  if (code === "invalid_parameter" && !errors) return false;
  return REFUSED.includes(code) && !errors?.some(({ pointer }) => BETWEEN.test(pointer));
}
