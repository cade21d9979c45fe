import type { BacktestResult } from '../backtest-result.ts';
import { learningCurve, type LearningDay, type LearningHarm } from '../score/learning-curve.ts';
import { OURS } from '../score/summary.ts';
import { formatPlural, formatRatio, formatShare } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { COST_TICKS, logScale } from './plot-scale.ts';
import { baselineOf } from './verdict.ts';

const WIDTH = 640;
const HEIGHT = 210;
const MARGIN = { left: 60, right: 14, top: 12, bottom: 40 };

/** Cost from day to day, and how many days were worse than the baseline; absent when there is nothing to compare. */
export function learningSection({ config, summary, traces }: BacktestResult): Markup | undefined {
  const baseline = baselineOf(summary);
  if (baseline === undefined) return undefined;
  const ask = (contender: string): ReturnType<typeof learningCurve> =>
    learningCurve(traces, { contender, baseline: baseline.name, slowShare: config.objective.slowShare });
  const ours = ask(OURS);
  if (ours.harm === undefined || ours.days.length < 2) return undefined;
  return markup`<section><h2>From day to day</h2>
<p>${harmSentence(ours.harm, baseline.title)}</p>
${curves(
  [
    { name: OURS, colour: 0, days: ours.days },
    { name: baseline.name, colour: 1, days: ask(baseline.name).days },
  ],
  'day, warm-up included',
)}</section>`;
}

function harmSentence({ days, costlier, slower, worse }: LearningHarm, baseline: string): string {
  return (
    `Averages hide bad days. Of ${formatPlural(days, 'day')} on all workloads ${formatShare(worse)} were worse than with ${baseline}: ` +
    `Autonomic was over 5 % dearer on ${formatShare(costlier)}, and missed the objective by over 5 % more than it on ${formatShare(slower)}.`
  );
}

interface Curve {
  readonly name: string;
  readonly colour: number;
  readonly days: readonly LearningDay[];
}

function curves(all: readonly Curve[], axis: string): Markup {
  const costs = all.flatMap(({ days }) => days.map(({ medianCostOverOracle }) => medianCostOverOracle));
  const last = Math.max(...all.map(({ days }) => days.length));
  const bottom = HEIGHT - MARGIN.bottom;
  const y = logScale({
    low: Math.min(1, ...costs),
    high: Math.max(1.5, ...costs) * 1.1,
    from: bottom,
    to: MARGIN.top,
    ticks: COST_TICKS,
  });
  const x = (day: number): string =>
    (MARGIN.left + ((day - 1) / Math.max(1, last - 1)) * (WIDTH - MARGIN.left - MARGIN.right)).toFixed(1);
  const lines = all.map(({ colour, days, name }) => {
    const points = days.map((day) => `${x(day.day)},${y.at(day.medianCostOverOracle).toFixed(1)}`);
    return markup`<polyline class="curve ${name === OURS ? 'ours' : ''}" points="${points.join(' ')}" style="stroke:var(--c${colour})"/>`;
  });
  const grid = y.ticks.map((tick) => {
    const place = y.at(tick);
    return markup`<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${place.toFixed(1)}" y2="${place.toFixed(1)}"/><text x="${MARGIN.left - 6}" y="${(place + 4).toFixed(1)}" text-anchor="end">${Number(formatRatio(tick))} ×</text>`;
  });
  const names = all.map(
    ({ name, colour }) => markup`<span><i style="background:var(--c${colour})"></i>${name}</span>`,
  );
  return markup`<figure><svg class="days" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Median cost over the oracle, day by day">${grid}${lines}
<text x="${x(1)}" y="${bottom + 16}" text-anchor="middle">1</text><text x="${x(last)}" y="${bottom + 16}" text-anchor="middle">${last}</text><text class="axis" x="${WIDTH / 2}" y="${HEIGHT - 4}" text-anchor="middle">${axis}</text></svg>
<figcaption>${names} Median cost over the oracle, over the workloads that have the day.</figcaption></figure>`;
}
