import type { Bin } from "./registry.ts";

const SIZE = 200;
const EDGE = 56;
/** Shares that the axes name. */
const TICKS = [0, 0.5, 1];

/** How sure it was against how often it was right: on the line, it knows what it knows. */
export function Reliability({ bins }: { bins: readonly Bin[] }) {
  const filled = bins.filter(({ cases }) => cases > 0);
  if (filled.length === 0) {
    return <p className="quiet">No case yet to draw its reliability from.</p>;
  }
  const most = Math.max(...filled.map(({ cases }) => cases));
  const x = (share: number) => EDGE + share * SIZE;
  const y = (share: number) => 8 + (1 - share) * SIZE;
  const words = filled.map(({ mean_confidence, success_share, cases }) =>
    `${percent(mean_confidence)} sure, ${percent(success_share)} right, of ${cases}`
  );
  return (
    <figure className="reliability">
      <svg
        viewBox={`0 0 ${SIZE + EDGE + 20} ${SIZE + EDGE - 8}`}
        role="img"
        aria-label={`Reliability: ${words.join("; ")}`}
      >
        <rect x={x(0)} y={y(1)} width={SIZE} height={SIZE} className="frame" />
        <line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} className="ideal" />
        <polyline
          className="actual"
          points={filled.map((bin) => `${x(bin.mean_confidence)},${y(bin.success_share)}`).join(
            " ",
          )}
        />
        {TICKS.map((share) => (
          <g key={share}>
            <path className="tick" d={`M${x(share)} ${y(0)}v4M${x(0)} ${y(share)}h-4`} />
            <text x={x(share)} y={y(0) + 16} textAnchor="middle">{percent(share)}</text>
            <text x={x(0) - 7} y={y(share) + 4} textAnchor="end">{percent(share)}</text>
          </g>
        ))}
        {filled.map((bin) => (
          <circle
            key={bin.from}
            cx={x(bin.mean_confidence)}
            cy={y(bin.success_share)}
            r={3 + 5 * Math.sqrt(bin.cases / most)}
          />
        ))}
        <text x={x(0.5)} y={y(0) + 32} textAnchor="middle">how sure</text>
        <text x={-y(0.5)} y={12} textAnchor="middle" transform="rotate(-90)">
          how often right
        </text>
      </svg>
      <figcaption className="quiet">Reliability, of all cases</figcaption>
    </figure>
  );
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
