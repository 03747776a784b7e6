import type { ReactNode } from "react";
import { EventApiError } from "../../../../shared/client/mod.ts";
import { AnotherPerson } from "../session/session.ts";

/** While something is on its way. */
export function Loading({ what }: { what: string }) {
  return <p role="status" className="quiet">Loading {what}…</p>;
}

/** Where there is nothing: says so, and what to do. */
export function Nothing({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="notice">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** What went wrong and what to do about it. */
export function Trouble({ error, retry }: { error: unknown; retry?: () => unknown }) {
  return (
    <div className="notice bad" role="alert">
      <h2>{titleOf(error)}</h2>
      <p dir="auto" className="data">{detailOf(error)}</p>
      {wrongPlaces(error)}
      {retry && <button type="button" className="button" onClick={() => retry()}>Try again</button>}
    </div>
  );
}

function wrongPlaces(error: unknown): ReactNode {
  const places = error instanceof EventApiError ? error.problem.errors ?? [] : [];
  return places.length > 0 && (
    <ul>
      {places.map(({ pointer, message }, index) => (
        <li key={index}>
          <code className="data">{pointer || "/"}</code> <bdi>{message}</bdi>
        </li>
      ))}
    </ul>
  );
}

function titleOf(error: unknown): string {
  if (error instanceof AnotherPerson) return "Not sent";
  if (!(error instanceof EventApiError)) {
    return isOfThisPage(error) ? "This page has a fault" : "The platform cannot be reached";
  }
  if (error.status === 403) return "Not for you";
  if (error.status === 404) return "Not found";
  return error.problem.title || "That did not work";
}

function detailOf(error: unknown): string {
  if (error instanceof AnotherPerson) return error.message;
  if (!(error instanceof EventApiError)) {
    const advice = isOfThisPage(error)
      ? "Load it again; if that does not help, tell whoever runs it."
      : "Look at the connection, then try again.";
    return `${advice} (${error instanceof Error ? error.message : error})`;
  }
  const { detail } = error.problem;
  return error.status === 403 ? `${detail} A member of staff can give you the right.` : detail;
}

/** Whether it is no trouble of the network: fetch throws a TypeError, and an abort is a DOMException. */
function isOfThisPage(error: unknown): boolean {
  return error instanceof Error && !(error instanceof TypeError || error instanceof DOMException);
}
