/**
 * A Server-Sent Events response of the pieces of text, encoded, that `write` yields. They are asked
 * for one by one, as the client reads. The signal aborts when the client leaves or the lifetime
 * (milliseconds) is over; the response ends well when `write` returns or throws.
 */
export function eventStream(
  write: (ended: AbortSignal) => AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>,
  lifetime: number,
): Response {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), lifetime);
  const pieces = write(over.signal);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = await pieces.next().catch(() => null);
      if (over.signal.reason === left) return;
      if (piece && !piece.done) return controller.enqueue(piece.value);
      clearTimeout(timer);
      controller.close();
    },
    cancel() {
      clearTimeout(timer);
      over.abort(left);
    },
  });
  return new Response(body, {
    headers: {
      "Content-Type": "text/event-stream",
      "Cache-Control": "no-store",
      "X-Accel-Buffering": "no",
    },
  });
}

const left = new DOMException("The client has left", "AbortError");
