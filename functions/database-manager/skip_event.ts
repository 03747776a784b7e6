import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { StoredEvent } from "../../shared/events/envelope.ts";
import { actorOf } from "../../shared/http/authenticate.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { EventPath, ReasonedAct } from "./event_path.ts";

export const skipEvent = endpoint({
  method: "post",
  path: "/events/{id}/skip",
  who: ["staff", "service"],
  tags: ["Database Manager"],
  summary: "Set an unprocessed event aside, with a reason",
  description: "It will count as processed and change no state; what waits behind it goes on.",
  request: { params: EventPath, body: body(ReasonedAct) },
  problems: ["event_not_found", "already_processed"],
  responses: { 200: json(StoredEvent, "The event, about to be passed over") },
}, async (c) => {
  const event: StoredEvent = dataOf(
    await adminClient().rpc("skip_event", {
      p_event_id: c.req.valid("param").id,
      p_actor: actorOf(c),
      p_reason: c.req.valid("json").reason,
    }),
  );
  return c.json(event, 200);
});
