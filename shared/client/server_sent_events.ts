/** One block of an event stream. `data` is empty when it only moves the id. */
export interface ServerSentEvent {
  readonly id: string;
  readonly data: string;
}

/** Milliseconds of silence after which a connection is dead: many heartbeats. */
const SILENCE = 45_000;

/**
 * Reads a `text/event-stream` response block by block, until it ends or falls silent for too long
 * (milliseconds). Source: WHATWG HTML, section 9.2.6.
 */
export async function* serverSentEvents(
  response: Response,
  silence = SILENCE,
): AsyncGenerator<ServerSentEvent, void, void> {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  let id = "";
  try {
    while (true) {
      const dead = setTimeout(() => reader.cancel().catch(() => {}), silence);
      const { done, value } = await reader.read().finally(() => clearTimeout(dead));
      if (done) return;
      buffer += value;
      for (let end = blockEnd(buffer); end; end = blockEnd(buffer)) {
        const block = parseBlock(buffer.slice(0, end.index));
        buffer = buffer.slice(end.index + end.length);
        if (block.id !== undefined) id = block.id;
        if (block.id !== undefined || block.data !== "") yield { id, data: block.data };
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function blockEnd(text: string): { index: number; length: number } | null {
  const match = /\r\n\r\n|\n\n|\r\r/.exec(text);
  return match && { index: match.index, length: match[0].length };
}

function parseBlock(block: string): { id: string | undefined; data: string } {
  let id: string | undefined;
  const data: string[] = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(":");
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(value);
    if (field === "id") id = value;
  }
  return { id, data: data.join("\n") };
}
