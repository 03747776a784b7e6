/** One wrong place in a request: a JSON pointer (RFC 6901) and what is wrong there. */
export interface FieldError {
  pointer: string;
  message: string;
}

/** Every error code a client can meet, with its HTTP status and its title. */
export const errorCodes = {
  invalid_json: { status: 400, title: "The body is not valid JSON" },
  invalid_parameter: { status: 400, title: "A parameter is not valid" },
  invalid_append: { status: 400, title: "The append is not valid" },
  unauthenticated: { status: 401, title: "Credentials are missing or not valid" },
  forbidden: { status: 403, title: "This is not allowed for these credentials" },
  event_type_forbidden: { status: 403, title: "This event type is not yours to post" },
  aggregate_forbidden: { status: 403, title: "This aggregate is not yours" },
  own_decision: { status: 403, title: "Somebody else must answer this decision" },
  agent_not_allowed: { status: 403, title: "No policy lets this agent do that" },
  not_found: { status: 404, title: "There is nothing here" },
  event_not_found: { status: 404, title: "No such event" },
  event_type_not_found: { status: 404, title: "No such event type" },
  aggregate_not_found: { status: 404, title: "No such aggregate" },
  aggregate_type_not_found: { status: 404, title: "No such aggregate type" },
  rebuild_not_found: { status: 404, title: "No such rebuild" },
  subscription_not_found: { status: 404, title: "No such subscription" },
  decision_not_found: { status: 404, title: "No such decision" },
  promotion_not_found: { status: 404, title: "No promotion waits for a signature" },
  row_not_found: { status: 404, title: "No such row" },
  method_not_allowed: { status: 405, title: "This method is not offered here" },
  version_conflict: { status: 409, title: "The aggregate has moved on" },
  idempotency_conflict: { status: 409, title: "The idempotency key was used for other content" },
  stale_schema_version: { status: 409, title: "The event type has a newer schema" },
  incompatible_schema: { status: 409, title: "The schema breaks events already stored" },
  event_type_in_code: { status: 409, title: "This event type is defined in code" },
  event_immutable: { status: 409, title: "Events never change" },
  already_processed: { status: 409, title: "The event was already processed" },
  lease_lost: { status: 409, title: "Another worker took over" },
  subscription_exists: { status: 409, title: "There is a subscription of this name" },
  rebuild_running: { status: 409, title: "A rebuild is running already" },
  agent_stopped: { status: 409, title: "The agent is stopped" },
  decision_settled: { status: 409, title: "The decision was answered already" },
  decision_expired: { status: 409, title: "The decision's time is over" },
  target_moved: { status: 409, title: "A target has moved since the agent read it" },
  not_compensable: { status: 409, title: "There is nothing to take back" },
  judged_by_person: { status: 409, title: "A person measured the outcome" },
  approved_already: { status: 409, title: "You have approved this already" },
  wrong_state: { status: 409, title: "This cannot be done as things stand" },
  fold_failed: { status: 409, title: "The log cannot be folded" },
  payload_too_large: { status: 413, title: "The body is too large" },
  event_too_large: { status: 413, title: "The event is too large" },
  unsupported_media_type: { status: 415, title: "The body must be application/json" },
  validation_failed: { status: 422, title: "The body is not what this endpoint takes" },
  unknown_event_type: { status: 422, title: "This event type is not in the catalog" },
  inactive_event_type: { status: 422, title: "This event type is retired" },
  aggregate_type_mismatch: {
    status: 422,
    title: "The event type belongs to another aggregate type",
  },
  invalid_event_data: {
    status: 422,
    title: "The data does not match the schema of its event type",
  },
  invalid_proposal: { status: 422, title: "The proposal does not hold together" },
  limits_required: { status: 422, title: "The level needs more of the policy" },
  unknown_causation: { status: 422, title: "The event it names as its cause does not exist" },
  invalid_schema: { status: 422, title: "The JSON Schema cannot be registered" },
  rate_limited: { status: 429, title: "Too many requests" },
  internal_error: { status: 500, title: "Something went wrong on our side" },
  database_unavailable: { status: 503, title: "The database is away" },
  auth_unavailable: { status: 503, title: "Credentials cannot be checked right now" },
} as const;

export type ErrorCode = keyof typeof errorCodes;

export interface ErrorContext {
  /** Wrong places in the request, for validation errors. */
  errors?: FieldError[];
  /** Further members of the problem response, such as `current_version`. */
  members?: Record<string, unknown>;
  /** Response headers, such as `Retry-After`. */
  headers?: Record<string, string>;
  /** What lies beneath; logged on the server, never sent. */
  cause?: unknown;
}

/**
 * The one error the application throws on purpose. `code` is what clients switch on, `detail` is
 * one line for people. The HTTP status comes with the code.
 */
export class ApplicationError extends Error {
  override readonly name = "ApplicationError";
  readonly status: (typeof errorCodes)[ErrorCode]["status"];
  readonly title: string;
  readonly errors?: FieldError[];
  readonly members: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(readonly code: ErrorCode, readonly detail: string, context: ErrorContext = {}) {
    super(detail, context.cause === undefined ? undefined : { cause: context.cause });
    ({ status: this.status, title: this.title } = errorCodes[code]);
    this.errors = context.errors;
    this.members = context.members ?? {};
    this.headers = context.headers ?? {};
  }
}
