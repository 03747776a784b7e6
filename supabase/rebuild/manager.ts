import type { Rebuild } from "../../functions/database-manager/rebuild_schema.ts";
import type { Wish } from "./wish.ts";

/** The Database Manager of one project, as a terminal sees it. */
export interface Manager {
  start(wish: Wish): Promise<Rebuild>;
  look(id: string): Promise<Rebuild>;
  act(id: string, act: "switch" | "cancel"): Promise<Rebuild>;
}

/** How often a look is tried again when the project does not answer; a rebuild goes on without us. */
const LOOKS = 20;
const LOOK_AGAIN = 500; // ms

/** Every call throws an `Error` of one line when it is refused. */
export function managerAt({ url, key }: Pick<Wish, "url" | "key">): Manager {
  const call = (path: string, body?: unknown, method = "POST") =>
    request(`${url}/functions/v1/database-manager/${path}`, {
      method: body === undefined && method === "POST" ? "GET" : method,
      headers: { apikey: key, "Content-Type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
  return {
    start: ({ kind, types, byHand, reason }) =>
      call(kind, {
        ...types && { aggregate_types: types },
        ...reason && { reason },
        ...kind === "rebuild" && { switch_by_hand: byHand },
      }),
    async look(id) {
      for (let tries = 1;; tries++) {
        try {
          return await call(`rebuilds/${id}`);
        } catch (error) {
          if (!(error instanceof Away) || tries === LOOKS) throw error;
          await new Promise((done) => setTimeout(done, LOOK_AGAIN));
        }
      }
    },
    act: (id, act) => call(`rebuilds/${id}/${act}`, {}),
  };
}

/** The project does not answer, or says that it will soon. */
class Away extends Error {}

async function request(url: string, init: RequestInit): Promise<Rebuild> {
  const response = await fetch(url, init).catch((error: unknown) => {
    throw new Away(`Cannot reach ${url}: ${error instanceof Error ? error.message : error}`);
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text); // the endpoint's schema
  const message = `${response.status} ${problem(text)}`;
  throw response.status >= 500 ? new Away(message) : new Error(message);
}

/** The detail of a problem response, with the id of a rebuild that is in the way. */
function problem(text: string): string {
  try {
    const { detail, code, errors, rebuild_id } = JSON.parse(text);
    const places = (errors ?? []).map((one: { pointer: string; message: string }) =>
      `${one.pointer} ${one.message}`
    );
    return [
      code && `${code}:`,
      detail,
      ...places,
      rebuild_id && `(${rebuild_id})`,
    ].filter(Boolean).join(" ");
  } catch {
    return text.slice(0, 200);
  }
}
