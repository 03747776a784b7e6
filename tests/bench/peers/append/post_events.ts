/** This platform, in SQL: `public.post_events`. */
import { type OpenAppender, staffId } from "./appender.ts";

const actor = JSON.stringify({ kind: "user", user_id: staffId });

export const open: OpenAppender = (pool) =>
  Promise.resolve(async (events) => {
    const { rows: [row] } = await pool.query({
      name: "post_events",
      text: "select public.post_events($1::jsonb, $2::jsonb) as stored",
      values: [JSON.stringify(events), actor],
    });
    return row?.stored.events.length;
  });
