import type { Policies } from "./policies.ts";
import { Refusal } from "./refusal.ts";
import { type Claims, expired, type Tokens } from "./tokens.ts";

/** Who is asked before somebody joins. */
export interface Guards {
  tokens: Tokens;
  policies: Policies;
}

const longestTimer = 300_000; // ms

/** A socket's right to a topic, for as long as its token is valid. */
export class Membership {
  readonly name: string;
  readonly isPrivate: boolean;
  #guards: Guards;
  #onExpired: (refusal: Refusal) => void;
  #admitted?: { token: string; claims: Claims; maySend?: boolean };
  #timer?: ReturnType<typeof setTimeout>;

  constructor(
    name: string,
    isPrivate: boolean,
    guards: Guards,
    onExpired: (refusal: Refusal) => void,
  ) {
    this.name = name;
    this.isPrivate = isPrivate;
    this.#guards = guards;
    this.#onExpired = onExpired;
  }

  /** Begins, or goes on with another token; the same one is not asked about again. @throws Refusal */
  async admit(token: string): Promise<void> {
    if (token === this.#admitted?.token) return;
    const claims = await this.#guards.tokens.read(token);
    if (this.isPrivate && !await this.#guards.policies.mayRead(this.name, claims)) {
      const message = `You do not have permissions to read from this Channel topic: ${this.name}`;
      throw new Refusal("Unauthorized", message);
    }
    this.#admitted = { token, claims };
    this.#watch(claims.exp);
  }

  /** Whether it may broadcast; asked once for each token. */
  async maySend(): Promise<boolean> {
    if (!this.isPrivate) return true;
    const admitted = this.#admitted;
    if (!admitted) return false;
    return admitted.maySend ??= await this.#guards.policies.maySend(this.name, admitted.claims);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #watch(exp: number): void {
    clearTimeout(this.#timer);
    const left = exp * 1000 - Date.now();
    this.#timer = setTimeout(
      () => left > longestTimer ? this.#watch(exp) : this.#onExpired(expired(exp)),
      Math.min(left, longestTimer),
    );
  }
}
