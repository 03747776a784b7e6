import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { linkTo } from "../router.ts";
import type { Filters } from "./filters.ts";

interface View {
  name: string;
  filters: Filters;
}

const KEY = "portal.views";
const always: View[] = [
  { name: "Everything", filters: {} },
  { name: "Waiting", filters: { processed: "false" } },
  { name: "Failed", filters: { failed: "true" } },
];

/** Filters under a name, kept in this browser. */
export function Views({ filters }: { filters: Filters }) {
  const [own, setOwn] = useState(read);
  const [name, setName] = useState<string | null>(null);
  const here = JSON.stringify(filters);
  const isHere = (view: View) => JSON.stringify(view.filters) === here;
  const known = [...always, ...own].some(isHere);
  function keep(views: View[]) {
    localStorage.setItem(KEY, JSON.stringify(views));
    setOwn(views);
  }
  return (
    <div className="row" role="group" aria-label="Views">
      {[...always, ...own].map((view) => (
        <a
          key={view.name}
          className="view"
          href={linkTo(["stream"], view.filters)}
          aria-current={isHere(view) ? "true" : undefined}
        >
          <bdi>{view.name}</bdi>
        </a>
      ))}
      {own.some(isHere) && (
        <Button
          kind="plain"
          onPress={() => keep(own.filter((view) => !isHere(view)))}
        >
          Forget this view
        </Button>
      )}
      {!known && name === null && (
        <Button kind="plain" onPress={() => setName("")}>Save as a view</Button>
      )}
      {!known && name !== null && (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            const named = name.trim();
            if (named) {
              keep([...own.filter((view) => view.name !== named), { name: named, filters }]);
            }
            setName(null);
          }}
        >
          <input
            aria-label="Name of the view"
            autoFocus
            maxLength={40}
            value={name}
            onChange={(change) => setName(change.target.value)}
          />
          <button type="submit" className="button">Save</button>
        </form>
      )}
    </div>
  );
}

function read(): View[] {
  try {
    const views: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(views) ? views.filter((view) => view?.name && view.filters) : [];
  } catch {
    return [];
  }
}
