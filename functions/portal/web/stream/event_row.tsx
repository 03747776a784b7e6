import { memo } from "react";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { Actor } from "../parts/actor.tsx";
import { ProcessingTag } from "../parts/processing_tag.tsx";
import { shortId } from "../parts/short_id.ts";
import { go, linkTo } from "../router.ts";

/** Characters of the data that a row shows. */
const PREVIEW = 160;

interface RowProps {
  event: StoredEvent;
  index: number;
  /** Pixels from the top of the list. */
  top: number;
  height: number;
  active: boolean;
  /** Told the number of the event that one opens. */
  onOpen: (number: number) => void;
}

export const EventRow = memo(
  function EventRow({ event, index, top, height, active, onOpen }: RowProps) {
    const link = linkTo(["event", event.id]);
    return (
      <div
        role="row"
        id={`row-${event.id}`}
        aria-rowindex={index + 2}
        aria-selected={active}
        className="event-row"
        style={{ top, height }}
        onClick={(click) => {
          onOpen(event.event_number);
          if (!(click.target instanceof HTMLAnchorElement)) go(link);
        }}
      >
        <span role="gridcell">
          <a href={link} tabIndex={-1}>{event.event_number}</a>
        </span>
        <span role="gridcell" title={event.created_at}>
          {event.created_at.slice(5, 19).replace("T", " ")}
        </span>
        <span role="gridcell" className="type" title={event.event_type}>{event.event_type}</span>
        <span role="gridcell" title={event.aggregate_id}>
          {event.aggregate_type} <code>{shortId(event.aggregate_id)}</code>
        </span>
        <span role="gridcell">{event.aggregate_version}</span>
        <span role="gridcell">
          <Actor name={event.created_by} />
        </span>
        <span role="gridcell">
          <ProcessingTag event={event} />
        </span>
        <span role="gridcell" className="preview">
          <bdi>{preview(event.data)}</bdi>
        </span>
      </div>
    );
  },
);

const previews = new WeakMap<object, string>();

function preview(data: StoredEvent["data"]): string {
  const known = previews.get(data);
  if (known !== undefined) return known;
  const parts: string[] = [];
  let length = 0;
  for (const [key, value] of Object.entries(data)) {
    const text = typeof value === "string" ? value : nested(value);
    parts.push(`${key.slice(0, 40)}: ${text.slice(0, PREVIEW)}`);
    length += text.length + key.length;
    if (length > PREVIEW) break;
  }
  const short = parts.join(" · ").slice(0, PREVIEW * 2).replace(/\s+/g, " ");
  previews.set(data, short);
  return short;
}

function nested(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  return typeof value === "object" && value !== null ? "{…}" : String(value);
}
