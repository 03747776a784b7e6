/** Draws costs against the size of the log, as an SVG of its own. */
import { number } from "./report.ts";

/** The cost of one kind of work, 1 on the smallest log. */
export interface Line {
  name: string;
  points: { size: number; cost: number; low: number; high: number }[];
}

const width = 860;
const height = 420;
const area = { left: 60, right: 560, top: 30, bottom: 370 };
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555"];

/** One line for each kind of work with the spread at each point; a dashed line is at the limit. */
export function plot(title: string, lines: readonly Line[], limit: number): string {
  const points = lines.flatMap((line) => line.points);
  const logs = points.map(({ size }) => Math.log10(size));
  const [first, last] = [Math.min(...logs), Math.max(...logs)];
  const highest = Math.max(limit * 1.5, ...points.map(({ high }) => high));
  const x = (size: number) =>
    round(area.left + (Math.log10(size) - first) / (last - first || 1) * (area.right - area.left));
  const y = (cost: number) => round(area.bottom - cost / highest * (area.bottom - area.top));
  const sizes = [...new Set(points.map(({ size }) => size))];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ` +
    `font-family="sans-serif" font-size="13">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    text(area.left, 18, title),
    `<path d="M${area.left} ${area.top}V${area.bottom}H${area.right}" fill="none" stroke="#555"/>`,
    ...sizes.map((size) => text(x(size), area.bottom + 20, number(size), "middle")),
    text((area.left + area.right) / 2, area.bottom + 42, "events in the log", "middle"),
    ...ticks(highest).map((cost) => text(area.left - 8, y(cost) + 4, `${number(cost)}×`, "end")),
    `<path d="M${area.left} ${y(limit)}H${area.right}" stroke="#999" stroke-dasharray="6 4"/>`,
    ...lines.flatMap((line, i) => drawn(line, colours[i % colours.length] ?? "black", i, x, y)),
    "</svg>",
    "",
  ].join("\n");
}

function drawn(
  { name, points }: Line,
  colour: string,
  place: number,
  x: (size: number) => number,
  y: (cost: number) => number,
): string[] {
  const path = points.map(({ size, cost }) => `${x(size)} ${y(cost)}`).join("L");
  const row = area.top + 14 + place * 24;
  return [
    `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...points.map(({ size, low, high }) =>
      `<path d="M${x(size) + place * 2} ${y(low)}V${y(high)}" stroke="${colour}" opacity="0.5"/>`
    ),
    `<path d="M${area.right + 24} ${row - 4}h20" stroke="${colour}" stroke-width="2"/>`,
    text(area.right + 52, row, name),
  ];
}

/** Five steps of a round size from 0. */
function ticks(highest: number): number[] {
  const step = [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100].find((size) => highest / size <= 6) ?? 200;
  return Array.from({ length: Math.floor(highest / step) + 1 }, (_, i) => i * step);
}

function text(x: number, y: number, content: string, anchor = "start"): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="#222">${content}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
