import { callFunction } from "../../../support/call_function.ts";
import { newProduct, priceChanged } from "../goods.ts";

/** Events of a batch: a product and its prices. */
const BATCH = 10;

/** Appends so many events a second through the API until it is stopped, and then says how many. */
export function appendSteadily(token: string, perSecond: number): { stop: () => Promise<number> } {
  let going = true;
  let appended = 0;
  const run = async () => {
    const started = performance.now();
    while (going) {
      const due = (performance.now() - started) / 1000 * perSecond;
      if (appended < due) appended += await appendBatch(token);
      else await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return appended;
  };
  const running = run();
  running.catch(() => {}); // told by stop()
  return {
    stop: () => {
      going = false;
      return running;
    },
  };
}

async function appendBatch(token: string): Promise<number> {
  const product = newProduct();
  const prices = Array.from(
    { length: BATCH - 1 },
    (_, i) => priceChanged(product.aggregate_id, 5999 - i, 5998 - i),
  );
  const { status, body } = await callFunction("events/batch", {
    token,
    body: { events: [product, ...prices] },
  });
  if (status !== 202 && status !== 201) throw new Error(`Append: ${status} ${body.detail}`);
  return BATCH;
}
