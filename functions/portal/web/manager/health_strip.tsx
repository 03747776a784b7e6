import type { ReactNode } from "react";
import { counted } from "../parts/counted.ts";
import { duration, When } from "../parts/when.tsx";
import { linkTo } from "../router.ts";
import type { Status } from "./status.ts";

/** Seconds of lag, and without a sweep, from which it is worth a look. */
const SLOW = 30;
const SILENT = 60;

/** The health in one line: what is fine is quiet. */
export function HealthStrip({ status }: { status: Status }) {
  const { webhook, audit } = status;
  const silent = !webhook.last_sweep_at ||
    Date.now() - Date.parse(webhook.last_sweep_at) > SILENT * 1000;
  return (
    <dl className="tiles" aria-label="Health">
      <Tile name="Processed" kind={status.unprocessed === 0 ? "good" : ""}>
        {status.percent_processed} %
        <small>{counted(status.total, "event")}, head {status.head ?? "none"}</small>
      </Tile>
      <Tile name="Lag" kind={status.lag_seconds > SLOW ? "warn" : ""}>
        {duration(status.lag_seconds)}
        <small>{counted(status.lag_events, "event")}</small>
      </Tile>
      <Tile name="Oldest unprocessed">
        {status.oldest_unprocessed === null
          ? "none"
          : <a href={linkTo(["stream"], { processed: "false" })}>{status.oldest_unprocessed}</a>}
        <small>{count(status.waiting)} waiting, {count(status.blocked)} blocked</small>
      </Tile>
      <Tile name="Parked" kind={status.failed > 0 ? "bad" : "good"}>
        {count(status.failed)}
        <small>{status.failed === 1 ? "aggregate" : "aggregates"}</small>
      </Tile>
      <Tile name="Throughput">
        {count(status.rate.last_minute)}/min
        <small>{count(status.rate.last_hour)} in the last hour</small>
      </Tile>
      <Tile name="Workers">
        {status.workers}
        <small>at work now</small>
      </Tile>
      <Tile
        name="Webhook"
        kind={webhook.configured && webhook.worker_is_up ? "" : "bad"}
      >
        {!webhook.configured
          ? "not configured"
          : webhook.worker_is_up
          ? <When at={webhook.last_seen_at} />
          : "worker is down"}
        <small>last did work</small>
      </Tile>
      <Tile name="Sweep" kind={silent ? "warn" : ""}>
        <When at={webhook.last_sweep_at} />
        <small>found {counted(webhook.sweep_catches, "time")} what no webhook had</small>
      </Tile>
      <Tile name="Audit" kind={audit.open_findings > 0 ? "bad" : "good"}>
        {audit.open_findings === 0 ? "no finding" : counted(audit.open_findings, "finding")}
        <small>{counted(audit.rounds, "round")}</small>
      </Tile>
    </dl>
  );
}

function Tile({ name, kind = "", children }: { name: string; kind?: string; children: ReactNode }) {
  return (
    <div className={`tile ${kind}`}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function count(number: number): string {
  return number.toLocaleString("en");
}
