import {
  createClient,
  isAuthRetryableFetchError,
  type Session,
  type SupabaseClient,
} from "@supabase/supabase-js";
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

  constructor({ url, publishable_key }: Config, send: typeof fetch) {
    this.supabase = createClient(url, publishable_key, { global: { fetch: send } });
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

  /** Says why when it could not be done. */
  async signOut(): Promise<string | null> {
    this.#leaving = true;
    const { error } = await this.supabase.auth.signOut({ scope: "local" });
    this.#leaving = false;
    return error?.message ?? null;
  }

  /**
   * The access token, renewed when it is old; waits while nobody is signed in.
   *
   * @throws TypeError, as fetch does, while it is old and cannot be renewed because nothing answers
   */
  token = async (): Promise<string> => {
    if (this.#state.session) {
      const { data, error } = await this.supabase.auth.getSession();
      if (data.session && this.#state.session) return data.session.access_token;
      if (isAuthRetryableFetchError(error)) {
        throw new TypeError("The session cannot be renewed now", { cause: error });
      }
      this.lose();
    }
    return await new Promise((resolve) => this.#waiting.push(resolve));
  };

  /** The token is not taken any more: somebody has to sign in again. */
  lose = (): void => this.#changed(null);

  #changed(session: Session | null): void {
    const before = this.#state;
    if (!session && this.#leaving) forgetDrafts(); // before anybody else can be told
    const person = before.session?.user.id ?? before.lostBy;
    this.#state = { session, lostBy: session || this.#leaving ? null : person };
    if (session) { for (const go of this.#waiting.splice(0)) go(session.access_token); }
    for (const listener of this.#listeners) listener();
  }
}
