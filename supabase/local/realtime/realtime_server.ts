/** The part of Realtime that broadcasts need: Phoenix channels over a websocket, guarded by row level security. */
import type { RestKeys } from "../gateway/rest_keys.ts";
import type { Hub } from "./channel.ts";
import { Connection } from "./connection.ts";
import type { Guards } from "./membership.ts";
import { type Broadcast, wires } from "./wire.ts";

/** A row of `realtime.messages`. */
export interface Message {
  id: string;
  topic: string;
  event: string;
  /** JSON. */
  payload: string;
  private: boolean;
}

const idleTimeout = 60; // seconds until a silent client is asked whether it is still there

export class RealtimeServer {
  #keys: RestKeys;
  #hub: Hub;
  #connections = new Set<Connection>();
  #hearing = Promise.withResolvers<void>();
  #isHearing = false;

  constructor(keys: RestKeys, guards: Guards) {
    this.#keys = keys;
    this.#hub = {
      ...guards,
      relay: (...args) => this.#relay(...args),
      hearing: () => this.#hearing.promise,
    };
  }

  /** Answers `GET /realtime/v1/websocket?apikey=…&vsn=…`. */
  fetch(request: Request): Response {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== "/realtime/v1/websocket") {
      return refuse(404, `The local Realtime has no ${pathname}`);
    }
    const key = request.headers.get("x-api-key") ?? searchParams.get("apikey");
    const token = this.#keys.tokenOf(key ?? "");
    if (!token) return refuse(401, key ? "Invalid API key" : "API key is missing");
    const wire = wires.get(searchParams.get("vsn") ?? "1.0.0");
    if (!wire) return refuse(400, "Unsupported vsn");
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      return refuse(426, "This is a websocket");
    }
    const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout });
    const connection = new Connection(socket, wire, this.#hub, token);
    this.#connections.add(connection);
    socket.addEventListener("close", () => this.#connections.delete(connection));
    return response;
  }

  /** Passes a message of the database on to those who joined its topic. */
  deliver({ id, topic, event, payload, private: isPrivate }: Message): void {
    this.#relay({ id, event, payload, topic: `realtime:${topic}` }, isPrivate);
  }

  /** Told when messages of the database begin to be heard, and when no longer. */
  hear(isHearing: boolean): void {
    if (isHearing) this.#hearing.resolve();
    else if (this.#isHearing) this.#hearing = Promise.withResolvers();
    this.#isHearing = isHearing;
  }

  /** Closes every socket, as a server that is about to restart does. */
  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  #relay(broadcast: Broadcast, isPrivate: boolean, except?: Connection): void {
    for (const connection of this.#connections) {
      if (connection !== except) connection.deliver(broadcast, isPrivate);
    }
  }
}

function refuse(status: number, error: string): Response {
  return Response.json({ error }, { status });
}
