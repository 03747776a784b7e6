import { createClient, type Session, type SupabaseClient } from "@supabase/supabase-js";
import { forgetDrafts } from "../parts/draft.ts";
import type { Config } from "./config.ts";

/** What the page knows of the person before it. */
export interface SessionState {
  /** undefined: not known yet. */
  readonly session: Session | null | undefined;
  /** The person who was here before the session ended by itself; null after signing out. */
  readonly lostBy: string | null;
}

/** Keeps the session. A session that ends by itself leaves the page as it is and asks again. */
export class SessionStore {
  readonly supabase: SupabaseClient;
  #state: SessionState = { session: undefined, lostBy: null };
  #leaving = false;
  #listeners = new Set<() => void>();
  #waiting: ((token: string) => void)[] = [];

  constructor({ url, publishable_key }: Config) {
    this.supabase = createClient(url, publishable_key);
    this.supabase.auth.onAuthStateChange((_, session) => this.#changed(session));
  }

  state = (): SessionState => this.#state;

  listen = (listener: () => void): () => void => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async signIn(email: string, password: string): Promise<string | null> {
    const { error } = await this.supabase.auth.signInWithPassword({ email, password });
    return error?.message ?? null;
  }

  async signOut(): Promise<void> {
    this.#leaving = true;
    await this.supabase.auth.signOut({ scope: "local" });
    this.#leaving = false;
    forgetDrafts();
  }

  /** The access token, renewed when it is old; waits while nobody is signed in. */
  token = async (): Promise<string> => {
    if (this.#state.session) {
      const { data } = await this.supabase.auth.getSession();
      if (data.session && this.#state.session) return data.session.access_token;
      this.lose();
    }
    return await new Promise((resolve) => this.#waiting.push(resolve));
  };

  /** The token is not taken any more: somebody has to sign in again. */
  lose = (): void => this.#changed(null);

  #changed(session: Session | null): void {
    const before = this.#state;
    const person = before.session?.user.id ?? before.lostBy;
    this.#state = { session, lostBy: session || this.#leaving ? null : person };
    if (session) { for (const go of this.#waiting.splice(0)) go(session.access_token); }
    for (const listener of this.#listeners) listener();
  }
}
