import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Loading, Nothing } from "../parts/notice.tsx";
import { linkTo, type Route, useRoute } from "../router.ts";
import { environmentName } from "../session/config.ts";
import { usePortal } from "../session/context.ts";
import { Guard } from "./guard.tsx";
import { Navigation } from "./navigation.tsx";
import { Shortcuts, useShortcuts } from "./shortcuts.tsx";
import { TopBar } from "./top_bar.tsx";

const screens = {
  stream: lazy(() => import("../stream/stream_screen.tsx")),
  event: lazy(() => import("../event/event_screen.tsx")),
  aggregate: lazy(() => import("../aggregate/aggregate_screen.tsx")),
  post: lazy(() => import("../compose/post_screen.tsx")),
  catalog: lazy(() => import("../catalog/catalog_screen.tsx")),
  subscriptions: lazy(() => import("../subscriptions/subscriptions_screen.tsx")),
  decisions: lazy(() => import("../decisions/decisions_screen.tsx")),
  manager: lazy(() => import("../manager/manager_screen.tsx")),
};

/** Screens that show a list and, of what is chosen, the details: by how much of the path they are the same place. */
const withDetails: Record<string, number> = { catalog: 1, subscriptions: 1, decisions: 2 };

/** The frame around every screen. */
export function Shell() {
  const { config } = usePortal();
  const route = useRoute();
  const [help, setHelp] = useState(false);
  const main = useRef<HTMLElement>(null);
  const path = route.path.join("/");
  const place = route.path.slice(0, withDetails[screenOf(route)]).join("/");
  useShortcuts(() => setHelp(true));
  useEffect(() => {
    document.title = `${titleOf(route)} · Event portal`;
  }, [path]);
  useEffect(() => {
    main.current?.scrollTo(0, 0);
    // A reader of the page by ear or keyboard begins at the new screen.
    if (document.activeElement === document.body) main.current?.focus();
  }, [place]);
  const name = environmentName(config);
  return (
    <div className="shell">
      <a
        className="button skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <aside
        aria-label="Environment"
        className={`environment ${name === "local" ? "" : "hosted"}`}
      >
        {name === "local" ? "Local project" : `Project ${name}`} · {new URL(config.url).host}
      </aside>
      <TopBar onHelp={() => setHelp(true)} />
      <Navigation />
      <main ref={main} id="main" tabIndex={-1}>
        <Guard key={screenOf(route)}>
          <Suspense
            fallback={
              <div className="screen">
                <Loading what="the screen" />
              </div>
            }
          >
            <Screen route={route} />
          </Suspense>
        </Guard>
      </main>
      {help && <Shortcuts onClose={() => setHelp(false)} />}
    </div>
  );
}

function Screen({ route }: { route: Route }) {
  const name = screenOf(route);
  if (!(name in screens)) {
    return (
      <div className="screen">
        <Nothing title="There is no such screen">
          <a className="button" href={linkTo(["stream"])}>Go to the stream</a>
        </Nothing>
      </div>
    );
  }
  const Screen = screens[name as keyof typeof screens]; // by the test above
  return <Screen route={route} />;
}

function screenOf({ path }: Route): string {
  return path[0] ?? "stream";
}

function titleOf(route: Route): string {
  const name = screenOf(route);
  const word = name === "manager" ? "Database Manager" : name;
  return [word.charAt(0).toUpperCase() + word.slice(1), ...route.path.slice(1)].join(" ");
}
