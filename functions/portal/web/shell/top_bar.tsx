import { type FormEvent, useEffect, useState } from "react";
import { Button } from "../parts/button.tsx";
import { go, linkTo, useRoute } from "../router.ts";
import { usePortal } from "../session/context.ts";
import { findLink } from "./search.ts";
import { applyTheme, storedTheme, type Theme } from "./theme.ts";

const themes: Record<Theme, { next: Theme; name: string }> = {
  system: { next: "light", name: "Auto" },
  light: { next: "dark", name: "Light" },
  dark: { next: "system", name: "Dark" },
};

export function TopBar({ onHelp }: { onHelp: () => void }) {
  const { user, staff, store } = usePortal();
  const [problem, setProblem] = useState<string | null>(null);
  const [theme, setTheme] = useState(storedTheme);
  function turn() {
    const { next } = themes[theme];
    applyTheme(next);
    setTheme(next);
  }
  return (
    <header className="top">
      <a className="brand" href={linkTo(["stream"])}>Event portal</a>
      <Search />
      <div className="row person">
        <span className="mail" title={user.id}>{user.email}</span>
        <span className={`tag ${staff ? "good" : ""}`}>{staff ? "staff" : "customer"}</span>
        <Button kind="plain" label={`${themes[theme].name} colours`} onPress={turn}>
          {themes[theme].name}
        </Button>
        <Button kind="plain" label="? Keyboard" onPress={onHelp}>?</Button>
        <Button onPress={async () => setProblem(await store.signOut())}>Sign out</Button>
        <span role="alert" className="bad">{problem}</span>
      </div>
    </header>
  );
}

function Search() {
  const { api, people, store: { supabase } } = usePortal();
  const [text, setText] = useState("");
  const [missing, setMissing] = useState<string | null>(null);
  const { path } = useRoute();
  useEffect(() => setMissing(null), [path.join("/")]); // it was said on another screen
  async function submit(event: FormEvent) {
    event.preventDefault();
    const link = await findLink({ api, people, supabase }, text.trim()).catch(() => null);
    setMissing(
      link === null && text.trim() !== "" ? "Nothing found. An id is searched as a whole." : null,
    );
    if (link === null) return;
    setText("");
    go(link);
  }
  return (
    <form role="search" onSubmit={submit}>
      <input
        id="search"
        type="search"
        aria-label="Search by id, number, type, aggregate, actor or correlation"
        aria-invalid={missing !== null}
        placeholder="Search: id, number, type, aggregate, actor, correlation  ( / )"
        value={text}
        onChange={(change) => {
          setText(change.target.value);
          setMissing(null);
        }}
      />
      <span role="status" className="bad">{missing}</span>
    </form>
  );
}
