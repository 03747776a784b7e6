/** One port with Supabase's paths: `/functions/v1`, `/rest/v1`, `/auth/v1`, `/realtime/v1`. */
import type { AuthServer } from "../auth/auth_server.ts";
import type { RealtimeServer } from "../realtime/realtime_server.ts";
import { corsHeaders } from "./cors.ts";
import { Forwarder } from "./forwarder.ts";
import type { RestKeys } from "./rest_keys.ts";

export interface GatewayOptions {
  port: number;
  /** Origin of the functions process; asked anew for every attempt, for it moves when it restarts. */
  functionsOrigin: () => string;
  restOrigin: string;
  restKeys: RestKeys;
  auth: AuthServer;
  realtime: RealtimeServer;
}

const stopWithin = 2_000; // ms; streams never end by themselves

/** Starts listening; `stop` lets requests in flight be answered first. */
export function startGateway(options: GatewayOptions): { stop: () => Promise<void> } {
  const forwarder = new Forwarder();
  const closing = new AbortController();
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: options.port,
    signal: closing.signal,
    onListen: () => {},
    onError: (error) => {
      console.error("Gateway:", error);
      return Response.json({ message: "Internal error in the gateway" }, { status: 500 });
    },
  }, (request) => route(request, options, forwarder));
  return {
    stop: async () => {
      options.realtime.close();
      const timer = setTimeout(() => closing.abort(), stopWithin);
      await server.shutdown();
      clearTimeout(timer);
      forwarder.close();
    },
  };
}

function route(
  request: Request,
  options: GatewayOptions,
  forwarder: Forwarder,
): Response | Promise<Response> {
  const path = request.url.slice(request.url.indexOf("/", 8));
  if (path.startsWith("/functions/v1/")) {
    const below = path.slice("/functions/v1".length);
    return forwarder.hold(request, () => options.functionsOrigin() + below);
  }
  if (path.startsWith("/rest/v1/")) {
    return rest(request, path.slice("/rest/v1".length), options, forwarder);
  }
  if (path.startsWith("/auth/v1/")) return auth(request, path, options);
  if (path.startsWith("/realtime/v1/")) return options.realtime.fetch(request);
  return Response.json({ message: "no Route matched with those values" }, { status: 404 });
}

function rest(
  request: Request,
  path: string,
  { restOrigin, restKeys }: GatewayOptions,
  forwarder: Forwarder,
): Response | Promise<Response> {
  const headers = new Headers(request.headers);
  if (request.method !== "OPTIONS") {
    const refused = restKeys.authorize(headers);
    if (refused) return refused;
  }
  return forwarder.forward(request, restOrigin + path, headers);
}

const withoutKey = /^\/auth\/v1\/(health|\.well-known\/)/;

async function auth(
  request: Request,
  path: string,
  { auth, restKeys }: GatewayOptions,
): Promise<Response> {
  const cors = corsHeaders(request);
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: cors });
  const refused = withoutKey.test(path) ? undefined : restKeys.check(request.headers);
  const response = refused ?? await auth.fetch(request);
  for (const [name, value] of Object.entries(cors)) response.headers.set(name, value);
  return response;
}
