import { useEffect, useRef } from "react";
import "./language.ts"; // before uPlot, which asks for it at once
import uPlot from "uplot";

/** A line over time (seconds since 1970, UTC). Its latest value is also there in words. */
export function Chart({ title, unit, times, values, bars = false }: {
  title: string;
  unit: string;
  times: readonly number[];
  values: readonly number[];
  bars?: boolean;
}) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const drawn = new uPlot(options(element.clientWidth, unit, bars), [[], []], element);
    plot.current = drawn;
    const fit = new ResizeObserver(() => {
      drawn.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    fit.observe(element);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const redraw = () => drawn.redraw();
    scheme.addEventListener("change", redraw);
    return () => {
      fit.disconnect();
      scheme.removeEventListener("change", redraw);
      drawn.destroy();
    };
  }, [unit, bars]);
  useEffect(() => plot.current?.setData([[...times], [...values]]), [times, values]);
  const latest = values.at(-1);
  return (
    <figure className="chart card">
      <figcaption className="row spread">
        <h2>{title}</h2>
        <span className="quiet">
          {latest === undefined ? "no data yet" : `${round(latest)} ${unit}`}, times in UTC
        </span>
      </figcaption>
      <div ref={box} aria-hidden />
    </figure>
  );
}

const HEIGHT = 150;
/** Seconds that the time axis shows at least. */
const A_WHILE = 120;
const A_DAY = 86_400;

function options(width: number, unit: string, bars: boolean): uPlot.Options {
  const axis = { stroke: () => colour("--quiet"), grid: { stroke: () => colour("--line") } };
  return {
    width,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    scales: {
      x: { range: ({ data: [times] }) => reach(times, bars ? A_DAY : A_WHILE) },
      y: { range: (_, __, most) => [0, Math.max(most * 1.1, 1)] },
    },
    axes: [
      { ...axis, space: 70, values: (_, times) => times.map(clock) },
      { ...axis, size: 48 },
    ],
    series: [{}, {
      label: unit,
      stroke: () => colour("--accent"),
      fill: () => colour("--accent-wash"),
      width: 1.5,
      points: { show: false },
      ...(bars && uPlot.paths.bars && { paths: uPlot.paths.bars({ size: [0.8, 40] }) }),
    }],
  };
}

/** What a time axis shows: at least `least` seconds, up to the last value, or now. */
function reach(times: ArrayLike<number>, least: number): [number, number] {
  const last = times[times.length - 1] ?? Date.now() / 1000;
  return [Math.min(times[0] ?? last, last - least), last];
}

/** `21:10`, and `21:10:05` between minutes; UTC. */
function clock(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, seconds % 60 === 0 ? 16 : 19);
}

function colour(token: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function round(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 1 });
}
