import { differingColumns } from "./compare.ts";
import { freshFold, streamsOf } from "./fresh_fold.ts";
import type { Image } from "./image.ts";

/** Versions run 1, 2, 3… in the order of the log, up to the aggregate's head; what is processed comes first. */
export function versionsHaveNoHoles({ events, heads }: Image): string[] {
  const streams = streamsOf(events);
  const faults = [...streams].flatMap(([name, stream]) =>
    stream.flatMap((event, index) => {
      const before = stream[index - 1];
      const found: string[] = [];
      if (event.aggregate_version !== index + 1) {
        found.push(`${name}: version ${event.aggregate_version} in place ${index + 1}`);
      }
      if (before && before.event_number > event.event_number) {
        found.push(`${name}: version ${index + 1} has a lower number than version ${index}`);
      }
      if (before && event.processed && !before.processed) {
        found.push(`${name}: version ${index + 1} is processed, version ${index} is not`);
      }
      return found;
    })
  );
  const wanted = new Map([...streams].map(([name, stream]) => [name, stream.length]));
  for (const { aggregate_type, aggregate_id, version } of heads) {
    const name = `${aggregate_type} ${aggregate_id}`;
    if (wanted.get(name) !== version) faults.push(`${name}: head ${version}, ${wanted.get(name)}`);
    wanted.delete(name);
  }
  return [...faults, ...[...wanted.keys()].map((name) => `${name} has no head`)];
}

/** The queue holds the unprocessed events and no other; it blocks those behind a failed event and no other. */
export function queueIsWhatIsUnprocessed({ events, queue, blocked }: Image): string[] {
  const waiting = new Map(queue.map((entry) => [entry.event_number, entry]));
  const failed = new Map(blocked.map((b) => [`${b.aggregate_type} ${b.aggregate_id}`, b]));
  const faults: string[] = [];
  for (const event of events) {
    const entry = waiting.get(event.event_number);
    waiting.delete(event.event_number);
    if (event.processed === (entry !== undefined)) {
      faults.push(`event ${event.event_number}: processed ${event.processed}, queued ${!!entry}`);
    }
    const barrier = failed.get(`${event.aggregate_type} ${event.aggregate_id}`);
    if (entry?.blocked && !(barrier && barrier.event_number <= event.event_number)) {
      faults.push(`event ${event.event_number} waits behind no failed event`);
    }
  }
  const unprocessed = new Set(events.filter((e) => !e.processed).map((e) => e.event_number));
  for (const { event_number } of blocked) {
    if (!unprocessed.has(event_number)) faults.push(`blocked by event ${event_number}, long done`);
  }
  return [
    ...faults,
    ...[...waiting.keys()].map((number) => `queued event ${number} is not in the log`),
  ];
}

/** The statistics agree with a count of the log. */
export function statisticsEqualTheLog({ events, blocked, statistics }: Image): string[] {
  const done = events.filter((event) => event.processed);
  const byType = Object.fromEntries(
    [...Map.groupBy(done, (event) => event.event_type)].map(([type, some]) => [type, some.length]),
  );
  const hours = statistics.per_hour as { events: number }[]; // event_statistics builds it so
  const wanted = {
    total: events.length,
    processed: done.length,
    unprocessed: events.length - done.length,
    failed: blocked.length,
    by_type: byType,
  };
  const found = { ...statistics, per_hour: hours.reduce((sum, hour) => sum + hour.events, 0) };
  return differingColumns({ ...found, ...wanted, per_hour: done.length }, found)
    .map((fault) => `statistics: ${fault}`);
}

/** Each processed event posted its effects, each exactly once, and nobody else posted any. */
export function effectsArePostedOnce({ events }: Image): string[] {
  const wanted = new Map(freshFold(events).effects);
  const faults: string[] = [];
  for (const event of events) {
    if (!event.idempotency_key?.startsWith("effect:")) continue;
    const effect = wanted.get(event.idempotency_key);
    wanted.delete(event.idempotency_key);
    if (!effect) faults.push(`${event.idempotency_key} follows from no event, or was posted twice`);
    else {
      faults.push(
        ...differingColumns({ ...event, ...effect }, { ...event })
          .map((fault) => `${event.idempotency_key}: ${fault}`),
      );
    }
  }
  return [...faults, ...[...wanted.keys()].map((key) => `${key} is missing`)];
}
