import type { SupabaseClient } from "@supabase/supabase-js";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { linkTo } from "../router.ts";
import type { Api } from "../session/api.ts";
import type { People } from "../session/people.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What is shown of an id. */
const SHORT_ID = /^(…[0-9a-f-]*|[0-9a-f]{8})$/i;

/** What a search asks. The tables answer that there is nothing; an endpoint of one event calls that an error. */
interface Ways {
  api: Api;
  supabase: SupabaseClient;
  people: People;
}

interface Page {
  events: StoredEvent[];
}

/** Where a search leads: an event, an aggregate, or the stream with a filter; null when nowhere. */
export async function findLink(ways: Ways, text: string): Promise<string | null> {
  const { api } = ways;
  if (text === "") return null;
  if (UUID.test(text)) return await byId(ways, text.toLowerCase());
  if (/^#?\d{1,15}$/.test(text)) return await byNumber(api, Number(text.replace("#", "")));
  const person = ways.people.idOf(text);
  if (person) return linkTo(["stream"], { created_by: `user:${person}` });
  if (/^(user|agent):|^system$/.test(text)) return linkTo(["stream"], { created_by: text });
  if (/^[a-z][a-z0-9_]*\.([a-z0-9_]*\*|[a-z][a-z0-9_]*)$/.test(text)) {
    return linkTo(["stream"], { event_type: text });
  }
  const [, type, id = ""] = /^([a-z][a-z0-9_]*)[ /:]+(\S+)$/.exec(text) ?? [];
  if (type && UUID.test(id)) return linkTo(["aggregate", type, id.toLowerCase()]);
  if (/^[a-z][a-z0-9_]*$/.test(text) && await isAggregateType(api, text)) {
    return linkTo(["stream"], { aggregate_type: text });
  }
  if (SHORT_ID.test(text)) return null; // too little of an id to search by
  return linkTo(["stream"], { correlation_id: text });
}

async function byId({ api, supabase }: Ways, id: string): Promise<string | null> {
  const { data: events } = await supabase.from("events").select("id").eq("id", id);
  if (events?.length) return linkTo(["event", id]);
  const of = async (filter: string) =>
    (await api.get<Page>("events", { [filter]: id, limit: 1 })).events[0];
  const member = await of("aggregate_id");
  if (member) return linkTo(["aggregate", member.aggregate_type, id]);
  for (const filter of ["correlation_id", "causation_id", "user_id"]) {
    if (await of(filter)) return linkTo(["stream"], { [filter]: id });
  }
  return null;
}

async function byNumber(api: Api, number: number): Promise<string | null> {
  const query = { order: "asc", cursor: Math.max(number - 1, 0), limit: 1 };
  const { events: [event] } = await api.get<Page>("events", query);
  return event?.event_number === number ? linkTo(["event", event.id]) : null;
}

async function isAggregateType(api: Api, type: string): Promise<boolean> {
  const query = { aggregate_type: type };
  const { event_types } = await api.get<{ event_types: unknown[] }>("events/types", query);
  return event_types.length > 0;
}
