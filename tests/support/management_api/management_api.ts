import { type Bundle, readBundle } from "./bundle.ts";

/** The Management API of one pretended project, as far as a deployment uses it, and what it was asked. */
export interface ManagementApi extends AsyncDisposable {
  url: string;
  projectRef: string;
  accessToken: string;
  /** Method and path of each request, in order. */
  requests: string[];
  /** What was uploaded, in order. */
  bundles: Bundle[];
  /** Slugs of the functions the project was told to switch to. */
  active: string[];
}

export interface ManagementApiOptions {
  /** Called before an upload is answered. */
  onUpload?: () => Promise<void>;
  /** The status every upload gets instead of 201. */
  uploadStatus?: number;
}

/** Starts it on loopback; `await using` stops it. */
export function startManagementApi(options: ManagementApiOptions = {}): ManagementApi {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => answer(api, options, request),
  );
  const api: ManagementApi = {
    url: `http://127.0.0.1:${server.addr.port}`,
    projectRef: "abcdefghijklmnopqrst",
    accessToken: `sbp_${"1".repeat(40)}`,
    requests: [],
    bundles: [],
    active: [],
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return api;
}

async function answer(
  api: ManagementApi,
  options: ManagementApiOptions,
  request: Request,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  api.requests.push(`${request.method} ${pathname}`);
  if (request.headers.get("authorization") !== `Bearer ${api.accessToken}`) {
    return problem(request, 401, "Unauthorized");
  }
  switch (`${request.method} ${pathname}`) {
    case `POST /v1/projects/${api.projectRef}/functions/deploy`:
      return await upload(api, options, request);
    case `PUT /v1/projects/${api.projectRef}/functions`:
      return await activate(api, request);
    default:
      return problem(request, 404, "Not Found");
  }
}

async function upload(
  api: ManagementApi,
  { onUpload, uploadStatus }: ManagementApiOptions,
  request: Request,
): Promise<Response> {
  await onUpload?.();
  if (uploadStatus) return problem(request, uploadStatus, "Bundling failed");
  const bundle = await readBundle(request);
  api.bundles.push(bundle);
  if (!bundle.bundleOnly) api.active.push(bundle.slug);
  return Response.json(description(bundle), { status: 201 });
}

async function activate(api: ManagementApi, request: Request): Promise<Response> {
  const functions: { slug: string }[] = await request.json();
  api.active.push(...functions.map(({ slug }) => slug));
  return Response.json({ functions });
}

function description({ slug, metadata }: Bundle) {
  return {
    id: `id-of-${slug}`,
    slug,
    name: metadata.name,
    status: "ACTIVE",
    version: 1,
    created_at: 0,
    updated_at: 0,
    verify_jwt: metadata.verify_jwt,
    import_map: true,
    entrypoint_path: metadata.entrypoint_path,
    import_map_path: metadata.import_map_path,
  };
}

async function problem(request: Request, status: number, message: string): Promise<Response> {
  await request.arrayBuffer(); // else the client sees a broken connection instead of the answer
  return Response.json({ message }, { status });
}
