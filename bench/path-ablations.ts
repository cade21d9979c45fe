import { evaluateSeries, type SeriesScore } from '../src/cli/evaluate/evaluate-series.ts';
import { PATH_PARTS, type PathPart } from '../src/loop/analyze/path/path-shape.ts';
import type { FamilySeries } from './path-series.ts';
import type { Table } from './suite.ts';

const HORIZONS = [12, 72, 288] as const;
const OPTIONS = { history: 0.6, origins: 40, horizons: HORIZONS, tier: 'Full', floors: [] } as const;

/** What each part is worth: every third series without it, beside the same ones with all. */
export function ablations(all: readonly FamilySeries[], progress: (line: string) => void): Table {
  const some = all.filter((_, i) => i % 3 === 0);
  const whole = score(some, []);
  return {
    title: `One part left out, ${some.length} series: loss ÷ that of the whole, and coverage counted densely:`,
    columns: ['without', ...['1 h', '6 h', '24 h'].flatMap((name) => [name, 'coverage'])],
    rows: [
      ['nothing', ...cells(whole, whole)],
      ...PATH_PARTS.map((part) => {
        progress(`without ${part}`);
        return [part, ...cells(score(some, [part]), whole)];
      }),
    ],
  };
}

function score(some: readonly FamilySeries[], leftOut: readonly PathPart[]): SeriesScore[] {
  return some
    .map(({ series }) => evaluateSeries(series, { ...OPTIONS, leftOut }, () => undefined))
    .filter((each) => each !== undefined);
}

function cells(scores: readonly SeriesScore[], whole: readonly SeriesScore[]): string[] {
  return HORIZONS.flatMap((_, i) => {
    const logarithms = scores.flatMap(({ methods: [own] }, s) => {
      const [loss, before] = [own, whole[s]?.methods[0]].map((each) => each?.horizons[i]?.loss ?? 0);
      return loss! > 0 && before! > 0 ? Math.log(loss! / before!) : [];
    });
    const dense = scores.map(({ denseCoverage80 }) => denseCoverage80[i] ?? NaN).filter(Number.isFinite);
    return [Math.exp(meanOf(logarithms)).toFixed(3), meanOf(dense).toFixed(3)];
  });
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
