import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Chart } from "../parts/chart.tsx";
import { usePortal } from "../session/context.ts";
import { useSamples } from "./samples.ts";

interface Statistics {
  per_hour: { hour: string; events: number }[];
}

export function Charts() {
  const { api } = usePortal();
  const { times, rates, lags } = useSamples();
  const hours = useQuery({
    queryKey: ["stats"],
    queryFn: () => api.get<Statistics>("events/stats"),
    refetchInterval: 60_000,
  });
  const perHour = useMemo(() => {
    const rows = hours.data?.per_hour ?? [];
    const sorted = rows.toSorted((a, b) => Date.parse(a.hour) - Date.parse(b.hour));
    return {
      times: sorted.map(({ hour }) => Date.parse(hour) / 1000),
      events: sorted.map(({ events }) => events),
    };
  }, [hours.data]);
  return (
    <div className="charts">
      <Chart title="Throughput" unit="events/s" times={times} values={rates} />
      <Chart title="Lag" unit="s" times={times} values={lags} />
      <Chart title="By the hour" unit="events" times={perHour.times} values={perHour.events} bars />
    </div>
  );
}
