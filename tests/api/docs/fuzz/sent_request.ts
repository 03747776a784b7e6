import type { JsonSchema, Parameter } from "../operation.ts";
import type { Memory } from "./learned.ts";
import type { Draft } from "./requests.ts";
import type { SchemaReader } from "./schema_reader.ts";

/** A request as it goes over the wire, and whether the document would have it. */
export interface SentRequest {
  path: string;
  init: RequestInit & { headers: Headers };
  /** What the document has against it; null when nothing. */
  fault: string | null;
}

/** Fills in what was learned and writes the request down; null when it cannot be sent at all. */
export function sentRequest(
  draft: Draft,
  memory: Memory,
  reader: SchemaReader,
  credential: Record<string, string>,
): SentRequest | null {
  const { operation, contentType } = draft;
  const headers = new Headers(credential);
  const query = new URLSearchParams(draft.strange && { [draft.strange]: "1" });
  let path = operation.path;
  // An operation that takes any query parameters refuses others.
  const takesQuery = operation.operation.parameters?.some((one) => one.in === "query");
  let fault: string | null = takesQuery && draft.strange ? `${draft.strange} is not known` : null;
  for (const { parameter, value } of draft.parameters) {
    const text = textOf(memory.fill(value, draft.object));
    if (!canBeSent(parameter, text)) return null;
    fault ??= faultOf(parameter, text, reader);
    if (parameter.in === "path") {
      path = path.replace(`{${parameter.name}}`, encodeURIComponent(text));
    }
    if (parameter.in === "query") query.append(parameter.name, text);
    if (parameter.in === "header") headers.set(parameter.name, text);
  }
  const init: SentRequest["init"] = { method: operation.method, headers };
  if (draft.body) {
    headers.set("content-type", contentType);
    if (!/^application\/json(; charset=utf-8)?$/.test(contentType)) {
      fault ??= `sent as ${contentType}`;
    }
    const json = "json" in draft.body ? memory.fill(draft.body.json, draft.object) : undefined;
    init.body = "raw" in draft.body ? draft.body.raw : atHome(JSON.stringify(json));
    fault ??= bodyFault(draft, init.body, reader);
  }
  return { path: query.size > 0 ? `${path}?${query}` : path, init, fault };
}

function bodyFault(
  { operation }: Draft,
  body: unknown,
  reader: SchemaReader,
): string | null {
  const schema = operation.operation.requestBody?.content["application/json"]?.schema ?? {};
  try {
    // A request body is a string or bytes here. A byte order mark may be there (RFC 8259, 8.1).
    const text = typeof body === "string"
      ? body.replace(/^\ufeff/, "")
      : new TextDecoder("utf-8", { fatal: true }).decode(body as Uint8Array);
    const value = JSON.parse(text);
    const unfit = cannotBeKept(text, value);
    return unfit ?? reader.fault(schema, value);
  } catch (error) {
    return String(error);
  }
}

/** What every body may not hold, as the document says of `validation_failed` and `invalid_json`. */
function cannotBeKept(text: string, value: unknown): string | null {
  if (text.includes("[".repeat(32))) return "nests too deep";
  let fault: string | null = null;
  JSON.parse(JSON.stringify(value), (key, one) => {
    for (const part of [key, one]) {
      if (typeof part === "string" && (part.includes("\0") || !part.isWellFormed())) {
        fault = "no text";
      }
    }
    if (typeof one === "number" && Number.isInteger(one) && !Number.isSafeInteger(one)) {
      fault = "no safe number";
    }
    return one;
  });
  return /1e999/.test(text) ? "infinite" : fault;
}

/** No webhook may leave this machine; nobody listens there. */
function atHome(text: string): string {
  return text.replaceAll(/https?:\/\/[^/"?#]*/g, "http://127.0.0.1:9");
}

function textOf(value: unknown): string {
  return (typeof value === "string" ? value : JSON.stringify(value) ?? "").toWellFormed();
}

/** A client's URL and header classes change or refuse some values. */
function canBeSent(parameter: Parameter, text: string): boolean {
  if (parameter.in === "path") return text !== "" && text !== "." && text !== "..";
  return parameter.in === "query" || /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text);
}

function faultOf({ name, schema }: Parameter, text: string, reader: SchemaReader): string | null {
  const readings: unknown[] = [text];
  if (/^(0|-?[1-9]\d*)$/.test(text)) readings.unshift(Number(text));
  if (/^(true|false)$/.test(text)) readings.unshift(text === "true");
  const faults = readings.map((value) => reader.fault(schema, value));
  return faults.includes(null) ? contentFault(schema, text, reader) : `${name}: ${faults[0]}`;
}

/** A string may itself be JSON (`contentMediaType`, `contentSchema`). */
function contentFault(schema: JsonSchema, text: string, reader: SchemaReader): string | null {
  const { contentMediaType, contentSchema } = reader.resolve(schema);
  if (contentMediaType !== "application/json") return null;
  try {
    const value = JSON.parse(text);
    return cannotBeKept(text, value) ?? reader.fault(contentSchema as JsonSchema, value);
  } catch (error) {
    return String(error);
  }
}
