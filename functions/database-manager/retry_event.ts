import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { StoredEvent } from "../../shared/events/envelope.ts";
import { actorOf } from "../../shared/http/authenticate.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { Act, EventPath } from "./event_path.ts";

export const retryEvent = endpoint({
  method: "post",
  path: "/events/{id}/retry",
  who: ["staff", "service"],
  tags: ["Database Manager"],
  summary: "Try a failed event again, now",
  request: { params: EventPath, body: body(Act) },
  problems: ["event_not_found", "already_processed"],
  responses: { 200: json(StoredEvent, "The event, due now") },
}, async (c) => {
  const event: StoredEvent = dataOf(
    await adminClient().rpc("retry_event", {
      p_event_id: c.req.valid("param").id,
      p_actor: actorOf(c),
      p_reason: c.req.valid("json").reason ?? null,
    }),
  );
  return c.json(event, 200);
});
