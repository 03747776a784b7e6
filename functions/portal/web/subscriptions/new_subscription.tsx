import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Copy } from "../parts/copy.tsx";
import { Trouble } from "../parts/notice.tsx";
import { Popup } from "../parts/popup.tsx";
import { usePortal } from "../session/context.ts";
import type { Subscription } from "./subscription.ts";

type Created = Subscription & { secret: string | null };

/** A new subscription; the secret that signs its webhooks is shown once. */
export function NewSubscription({ onClose }: { onClose: () => void }) {
  const { api } = usePortal();
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [created, setCreated] = useState<Created | null>(null);
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => `${form.get(name) ?? ""}`.trim();
    const types = text("event_types").split(/[\s,]+/).filter(Boolean);
    setError(null);
    try {
      setCreated(
        await api.post<Created>("events/subscriptions", {
          name: text("name"),
          ...(text("url") && { url: text("url") }),
          ...(types.length > 0 && { event_types: types }),
          ...(text("after") && { after: Number(text("after")) }),
        }),
      );
      await queries.invalidateQueries({ queryKey: ["subscriptions"] });
    } catch (error) {
      setError(error);
    }
  }
  return (
    <Popup title="Subscribe" onClose={onClose}>
      {created
        ? (
          <div className="stack">
            <p>{created.name} is there.</p>
            {created.secret && (
              <>
                <p>Its secret signs the webhooks. It is shown this once:</p>
                <p className="row">
                  <code className="data">{created.secret}</code>
                  <Copy text={created.secret}>Copy</Copy>
                </p>
              </>
            )}
            <div>
              <button type="button" className="button primary" onClick={onClose}>Done</button>
            </div>
          </div>
        )
        : (
          <form className="stack" onSubmit={submit}>
            <label className="field">
              <span>Name</span>
              <input name="name" required autoFocus pattern="[a-z][a-z0-9_\-]{0,62}" />
            </label>
            <label className="field">
              <span>Webhook (empty: the reader pulls)</span>
              <input name="url" type="url" placeholder="https://example.com/hooks/events" />
            </label>
            <label className="field">
              <span>Types (empty: all)</span>
              <input name="event_types" placeholder="order.placed, product.*" />
            </label>
            <label className="field">
              <span>After event number (empty: what comes next)</span>
              <input name="after" type="number" min={0} />
            </label>
            {error !== null && <Trouble error={error} />}
            <div className="row">
              <button type="submit" className="button primary">Subscribe</button>
              <button type="button" className="button" onClick={onClose}>Leave it</button>
            </div>
          </form>
        )}
    </Popup>
  );
}
