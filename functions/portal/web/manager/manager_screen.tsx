import { Loading, Nothing, Trouble } from "../parts/notice.tsx";
import { usePortal } from "../session/context.ts";
import { Audit } from "./audit.tsx";
import { Charts } from "./charts.tsx";
import { Controls } from "./controls.tsx";
import { HealthStrip } from "./health_strip.tsx";
import { Parked } from "./parked.tsx";
import { Partitions } from "./partitions.tsx";
import { Pauses } from "./pauses.tsx";
import { Rebuilds } from "./rebuilds.tsx";
import { useStatus } from "./status.ts";

export default function ManagerScreen() {
  const { staffOnly } = usePortal();
  const { data: status, error, refetch } = useStatus();
  return (
    <div className="screen">
      <header>
        <h1>Database Manager</h1>
        <Controls paused={status?.paused ?? []} />
      </header>
      {staffOnly && (
        <Nothing title="Not for you">
          <p>{staffOnly} How far the state tables are, and what is wrong, is shown to staff.</p>
        </Nothing>
      )}
      {error && <Trouble error={error} retry={refetch} />}
      {!status && !error && !staffOnly && <Loading what="the status" />}
      {status && (
        <>
          <HealthStrip status={status} />
          <Pauses paused={status.paused} />
          <Parked failed={status.failed_events} total={status.failed} />
          <Charts />
          <div className="columns">
            <Rebuilds status={status} />
            <div className="stack">
              <Partitions partitions={status.partitions} />
              <Audit audit={status.audit} />
            </div>
          </div>
        </>
      )}
    </div>
  );
}
