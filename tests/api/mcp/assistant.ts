/** The official client of the Model Context Protocol, connected with some credential. */
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { runningStack } from "../../support/stack.ts";

/** A credential as a person or a program holds it. */
export type Credential = { token?: string; key?: string };

export interface Answered {
  isError: boolean;
  // deno-lint-ignore no-explicit-any -- a test asserts what it reads
  value: any;
}

export type Assistant = Awaited<ReturnType<typeof assistant>>;

/** A connected assistant; it leaves when the test ends. */
export async function assistant(credential: Credential) {
  const client = new Client({ name: "tests", version: "1" });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(endpoint()), {
      requestInit: { headers: headersOf(credential) },
    }),
  );
  return {
    client,
    async call(name: string, args: Record<string, unknown> = {}): Promise<Answered> {
      const result = await client.callTool({ name, arguments: args });
      const [content] = result.content;
      if (content?.type !== "text") throw new Error("Every tool answers with text");
      return { isError: result.isError === true, value: JSON.parse(content.text) };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

export function endpoint(): string {
  return `${runningStack().url}/functions/v1/mcp`;
}

export function headersOf({ token, key }: Credential): Record<string, string> {
  return { ...token && { authorization: `Bearer ${token}` }, ...key && { apikey: key } };
}
