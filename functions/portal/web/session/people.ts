import type { SupabaseClient } from "@supabase/supabase-js";
import { useEffect, useSyncExternalStore } from "react";
import { shortActor } from "../parts/short_id.ts";
import { usePortal } from "./context.ts";

/** Milliseconds in which questions are gathered, and people asked about at once. */
const GATHER = 30;
const MOST = 100;

/** The e-mails of people, each asked for once. */
export class People {
  #emails: ReadonlyMap<string, string>;
  #asked: Set<string>;
  #waiting: string[] = [];
  #listeners = new Set<() => void>();

  constructor(
    readonly supabase: SupabaseClient,
    me: { id: string; email: string },
    /** Whether one may ask about others. */
    readonly staff: boolean,
  ) {
    this.#emails = new Map(me.email ? [[me.id, me.email]] : []);
    this.#asked = new Set([me.id]);
  }

  emails = (): ReadonlyMap<string, string> => this.#emails;

  /** Whose e-mail it is, among those that are known. */
  idOf(email: string): string | undefined {
    return [...this.#emails].find(([, one]) => one.toLowerCase() === email.toLowerCase())?.[0];
  }

  listen = (listener: () => void): () => void => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Asks who somebody is; listeners are told when it is known. */
  ask(id: string): void {
    if (!this.staff || this.#asked.has(id)) return;
    this.#asked.add(id);
    if (this.#waiting.push(id) === 1) setTimeout(() => this.#send(), GATHER);
  }

  async #send(): Promise<void> {
    const ids = this.#waiting.splice(0);
    while (ids.length > 0) {
      const p_user_ids = ids.splice(0, MOST);
      const { data } = await this.supabase.rpc("emails_of", { p_user_ids });
      if (!data) return; // an id still tells people apart
      this.#emails = new Map([...this.#emails, ...Object.entries<string>(data)]);
    }
    for (const listener of this.#listeners) listener();
  }
}

/** What to call an actor: a person's e-mail once it is known, the end of their id till then; others by name. */
export function useActorName(actor: string): string {
  const { people } = usePortal();
  const [, id] = /^user:(.+)$/.exec(actor) ?? [];
  const email = useSyncExternalStore(people.listen, () => id && people.emails().get(id));
  useEffect(() => {
    if (id) people.ask(id);
  }, [people, id]);
  return email ?? shortActor(actor);
}
