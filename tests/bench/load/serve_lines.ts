import { TextLineStream } from "./text_lines.ts";

/** Answers each line of JSON on standard input with `{"result":…}` or `{"error":…}`; the other end is JsonProcess. */
export async function serveLines<Request, Result>(
  answer: (request: Request) => Promise<Result>,
): Promise<void> {
  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const line of lines) {
    try {
      const request = JSON.parse(line) as Request; // JsonProcess<Request, Result> wrote it
      console.log(JSON.stringify({ result: await answer(request) }));
    } catch (error) {
      console.log(JSON.stringify({ error: error instanceof Error ? error.message : `${error}` }));
    }
  }
}
