import { type FormEvent, useState } from "react";
import { Popup } from "../parts/popup.tsx";
import { type Config, environmentName } from "./config.ts";
import type { SessionStore } from "./session.ts";

/** The first page. */
export function Welcome({ config, store }: { config: Config; store: SessionStore }) {
  return (
    <main className="welcome">
      <div className="card">
        <h1>Event portal</h1>
        <p className="quiet">
          Project <strong>{environmentName(config)}</strong> at {new URL(config.url).host}
        </p>
        <SignInForm store={store} email="" />
      </div>
    </main>
  );
}

/** Over the page when the session has ended; what was typed below stays. */
export function SignInAgain({ store, email }: { store: SessionStore; email: string }) {
  return (
    <Popup title="Sign in again" onClose={null}>
      <p>
        Your session has ended. The page below is as you left it, and goes on when you are back.
      </p>
      <SignInForm store={store} email={email} />
    </Popup>
  );
}

function SignInForm({ store, email: known }: { store: SessionStore; email: string }) {
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setProblem(await store.signIn(email, password).catch(String));
    setBusy(false);
  }
  return (
    <form className="stack" onSubmit={submit}>
      <label className="field">
        <span>E-mail</span>
        <input
          type="email"
          autoComplete="username"
          required
          autoFocus={!known}
          value={email}
          onChange={(change) => setEmail(change.target.value)}
        />
      </label>
      <label className="field">
        <span>Password</span>
        <input
          type="password"
          autoComplete="current-password"
          required
          autoFocus={!!known}
          value={password}
          onChange={(change) => setPassword(change.target.value)}
        />
      </label>
      {problem && <p role="alert" className="bad">{problem}</p>}
      <button type="submit" className="button primary" aria-disabled={busy}>
        {busy ? "Signing in…" : "Sign in"}
      </button>
    </form>
  );
}
