import { useEffect, useRef } from "react";
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
          {latest === undefined ? "no data yet" : `${round(latest)} ${unit}`}
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
      x: { range: (_, first, last) => [Math.min(first, last - (bars ? A_DAY : A_WHILE)), last] },
      y: { range: (_, __, most) => [0, Math.max(most * 1.1, 1)] },
    },
    axes: [axis, { ...axis, size: 48 }],
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
