const versionHeader = "x-supabase-api-version";
const codeVersion = "2024-01-01";

/** A refusal in GoTrue's shape: which one depends on the API version that the client asks for. */
export class AuthError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  toResponse(request: Request): Response {
    const { status, code, message } = this;
    const isNew = (request.headers.get(versionHeader) ?? "") >= codeVersion;
    const body = isNew ? { code, message } : { code: status, error_code: code, msg: message };
    const headers = new Headers({ "x-sb-error-code": code });
    if (isNew) headers.set(versionHeader, codeVersion);
    if (status === 503) headers.set("retry-after", "1");
    return Response.json(body, { status, headers });
  }
}
