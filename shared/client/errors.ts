/** A problem as the API answers it (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Stable: switch on it, never on the texts. */
  readonly code: string;
  /** Wrong places in the request. */
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
  readonly [member: string]: unknown;
}

/** The API refused a request. `problem` also holds members such as `current_version`. */
export class EventApiError extends Error {
  override readonly name = "EventApiError";
  readonly code: string;
  readonly status: number;

  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
    this.code = problem.code;
    this.status = problem.status;
  }
}

/** The API could not be reached, or kept failing, for all attempts of a request. */
export class EventApiUnavailable extends Error {
  override readonly name = "EventApiUnavailable";

  constructor(message: string, cause: unknown) {
    super(message, { cause });
  }
}
