import { catalog } from "../../shared/events/catalog.ts";
import type { PostedEvent } from "../../shared/events/envelope.ts";
import type { Examples } from "../../shared/http/endpoint.ts";

const AGGREGATE = "0199f0c1-7a10-7c4e-9b5e-000000000001";

/** For each event type that anybody may post, an event to try. */
export function eventExamples(): Examples {
  const postable = catalog.filter(({ postedBy }) => postedBy.length > 0);
  return Object.fromEntries(postable.map(({ type, aggregateType, description, example }) => {
    const value: Omit<PostedEvent, "data"> & { data: unknown } = {
      event_type: type,
      aggregate_type: aggregateType,
      aggregate_id: AGGREGATE,
      data: example,
    };
    return [type, { summary: `${type}: ${description}`, value }];
  }));
}
