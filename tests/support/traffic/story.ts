/** An event as a client posts it. Its key makes a repetition harmless. */
export interface Post {
  readonly event_type: string;
  readonly aggregate_type: string;
  readonly aggregate_id: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly idempotency_key: string;
  /** What the trusted backend says about the author. */
  readonly created_by?: string;
}

/** Events appended together, all or none, and by whom. */
export interface Step {
  readonly as: "service" | "staff";
  /** True when the events function would refuse it: it goes straight to the database. */
  readonly poison: boolean;
  readonly posts: readonly Post[];
}

/** Each step is posted once the one before it is stored. Stories may be told at the same time. */
export type Story = readonly Step[];

/** Writes the events of one aggregate. */
export type Writer = (type: string, data?: Post["data"], author?: string) => Post;

/** Hands out writers whose keys are unique within `name`. */
export function scribe(name: string): (aggregateType: string, aggregateId: string) => Writer {
  let written = 0;
  return (aggregate_type, aggregate_id) => (event_type, data = {}, created_by) => ({
    event_type,
    aggregate_type,
    aggregate_id,
    data,
    idempotency_key: `${name}:${++written}`,
    ...(created_by === undefined ? {} : { created_by }),
  });
}

/** A step of the shop's backend. */
export function step(...posts: Post[]): Step {
  return { as: "service", poison: false, posts };
}

/** A step that a member of staff takes. */
export function byStaff(...posts: Post[]): Step {
  return { as: "staff", poison: false, posts };
}

/** The first event of a step with data that breaks its schema, as only the database would store it. */
export function poisoned({ as, posts: [post] }: Step): Step {
  if (!post) throw new Error("A step has at least one event");
  const data = { ...post.data, poison: true };
  const idempotency_key = `${post.idempotency_key}:poison`;
  return { as, poison: true, posts: [{ ...post, data, idempotency_key }] };
}
