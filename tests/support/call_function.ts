import { runningStack, type StackDescription } from "./stack.ts";

export interface Call {
  /** GET, or POST when there is a body. */
  method?: string;
  /** Access token of a user. */
  token?: string;
  /** API key. */
  key?: string;
  headers?: Record<string, string>;
  /** Sent as it is when a string or bytes, else as JSON. */
  body?: unknown;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed when the answer is JSON, text otherwise. */
  // deno-lint-ignore no-explicit-any -- a test asserts what it reads
  body: any;
}

/** Calls `/functions/v1/<path>` and reads the whole answer. */
export async function callFunction(
  path: string,
  call: Call = {},
  stack: StackDescription = runningStack(),
): Promise<Answer> {
  const raw = typeof call.body === "string" || call.body instanceof Uint8Array;
  const headers = new Headers(
    call.body === undefined ? {} : { "content-type": "application/json" },
  );
  if (call.token) headers.set("authorization", `Bearer ${call.token}`);
  if (call.key) headers.set("apikey", call.key);
  for (const [name, value] of Object.entries(call.headers ?? {})) headers.set(name, value);
  const response = await fetch(`${stack.url}/functions/v1/${path}`, {
    method: call.method ?? (call.body === undefined ? "GET" : "POST"),
    headers,
    body: raw ? call.body as BodyInit : JSON.stringify(call.body), // BodyInit: by the test above
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text,
  };
}
