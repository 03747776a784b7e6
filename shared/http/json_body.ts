import type { MiddlewareHandler } from "hono";
import { ApplicationError } from "../errors.ts";
import type { AppEnvironment } from "./app_environment.ts";
import { inspectJson } from "./inspect_json.ts";

/** The largest body, in bytes. */
export const BODY_LIMIT = 4 * 1024 * 1024;

const JSON_TYPE = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i;

/**
 * Reads the body as JSON before any validator sees it. A body that is too large is refused by its
 * declared length, or as soon as it has grown past the limit.
 *
 * @throws ApplicationError 415, 413, `invalid_json` (400), `validation_failed` (422)
 */
export function jsonBody(): MiddlewareHandler<AppEnvironment> {
  return async function jsonBody(c, next) {
    const type = c.req.header("content-type");
    if (type !== undefined && !JSON_TYPE.test(type)) throw notJson();
    const bytes = await read(c.req.raw);
    if (bytes.byteLength === 0) {
      throw new ApplicationError("invalid_json", "Send a JSON body: this request has none.");
    }
    if (type === undefined) throw notJson();
    const body = parse(bytes);
    inspectJson(body);
    // The validators ask the request for its JSON; this hands them what was just parsed.
    c.req.json = <T>() => Promise.resolve(body as T);
    await next();
  };
}

async function read(request: Request): Promise<Uint8Array> {
  const declared = request.headers.get("content-length");
  if (declared !== null && Number(declared) > BODY_LIMIT) throw tooLarge();
  if (declared !== null && !request.headers.has("transfer-encoding")) {
    return new Uint8Array(await request.arrayBuffer());
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > BODY_LIMIT) throw tooLarge();
    chunks.push(chunk);
  }
  return joined(chunks, size);
}

function joined(chunks: Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const detail = cause instanceof SyntaxError ? cause.message : "The body is not UTF-8.";
    throw new ApplicationError("invalid_json", detail, { cause });
  }
}

function notJson(): ApplicationError {
  return new ApplicationError("unsupported_media_type", "Send application/json in UTF-8.", {
    headers: { "Accept": "application/json" },
  });
}

function tooLarge(): ApplicationError {
  return new ApplicationError("payload_too_large", `A body holds at most ${BODY_LIMIT} bytes.`);
}
