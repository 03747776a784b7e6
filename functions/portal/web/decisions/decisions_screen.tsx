import { Nothing } from "../parts/notice.tsx";
import { linkTo, type Route } from "../router.ts";
import { usePortal } from "../session/context.ts";
import { Agents } from "./agents.tsx";
import { Inbox, useDecisions } from "./inbox.tsx";
import { KillSwitch } from "./kill_switch.tsx";

const tabs = {
  inbox: "Waiting for you",
  review: "To review",
  settled: "Settled",
  agents: "Agents",
};

export default function DecisionsScreen({ route }: { route: Route }) {
  const { staffOnly } = usePortal();
  const [, tab = "inbox", id] = route.path;
  return (
    <div className="screen">
      <header>
        <h1>Decisions</h1>
        <KillSwitch />
      </header>
      {staffOnly
        ? (
          <Nothing title="Not for you">
            <p>{staffOnly} What agents propose is answered by staff.</p>
          </Nothing>
        )
        : (
          <>
            <nav className="row" aria-label="Decisions">
              {Object.entries(tabs).map(([name, title]) => (
                <a
                  key={name}
                  className="view"
                  href={linkTo(["decisions", name])}
                  aria-current={name === tab ? "page" : undefined}
                >
                  {title} {name === "review" && <ToReview />}
                </a>
              ))}
            </nav>
            {tab === "agents" ? <Agents name={id} /> : (
              <Inbox
                key={`${tab} ${route.query}`}
                list={tab === "settled" || tab === "review" ? tab : "inbox"}
                agent={route.query.get("agent") ?? undefined}
                chosen={id}
              />
            )}
          </>
        )}
    </div>
  );
}

/** How many decisions that agents took alone wait to be judged. */
function ToReview() {
  const waiting = useDecisions("review").data?.length ?? 0;
  return waiting > 0 && <span className="tag warn">{waiting.toLocaleString("en")}</span>;
}
