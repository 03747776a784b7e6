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

/** Somebody's request that waits for them to sign in again. */
interface Waiting {
  /** Null before anybody has been here. */
  person: string | null;
  go: (token: string) => void;
  drop: (reason: Error) => void;
}

/** What somebody asked for is not done in the name of whoever signed in after them. */
export class AnotherPerson extends Error {
  constructor() {
    super("Somebody else has signed in since. It was not sent.");
  }
}

/** Keeps the session. A session that ends by itself leaves the page as it is and asks again. */
export class SessionStore {
  readonly supabase: SupabaseClient;
  #state: SessionState = { session: undefined, lostBy: null };
  #leaving = false;
  #listeners = new Set<() => void>();
  #waiting: Waiting[] = [];

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
   * @throws TypeError, as fetch does, while it is old and cannot be renewed because nothing answers;
   * AnotherPerson when the next to sign in is not who was here
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
    const person = this.#state.lostBy;
    return await new Promise((go, drop) => this.#waiting.push({ person, go, drop }));
  };

  /** The token is not taken any more: somebody has to sign in again. */
  lose = (): void => this.#changed(null);

  #changed(session: Session | null): void {
    const before = this.#state;
    if (!session && this.#leaving) forgetDrafts(); // before anybody else can be told
    const person = before.session?.user.id ?? before.lostBy;
    this.#state = { session, lostBy: session || this.#leaving ? null : person };
    if (session) {
      for (const { person: asked, go, drop } of this.#waiting.splice(0)) {
        if (asked === null || asked === session.user.id) go(session.access_token);
        else drop(new AnotherPerson());
      }
    }
    for (const listener of this.#listeners) listener();
  }
}
