import { evaluateSeries, type SeriesScore } from '../src/cli/evaluate/evaluate-series.ts';
import { summarize } from '../src/cli/evaluate/summary.ts';
import type { FamilySeries } from './path-series.ts';
import type { Figure, Table } from './suite.ts';

/** Where the forecasts that are scored begin, in the part of a series that comes after the history. */
interface Protocol {
  readonly name: string;
  /** For one horizon: how many, evenly spaced to the last whose outcome is known, of so many steps. */
  readonly origins: (steps: number, horizon: number) => number;
}

export const HISTORY = 0.6;
const FLOORS = ['ses', 'seasonal-naive'] as const;
const NAMES = ['1 h', '6 h', '24 h'];

/**
 * The first is how the goals were set. It has 240 points for an hour: with 20 origins drawn at random the same forecasts
 * have 0.40 … 0.56 there (5 to 95 % of 200 draws), so differences of some hundredths say nothing.
 */
const PROTOCOLS: readonly Protocol[] = [
  { name: '20 origins for each horizon', origins: () => 20 },
  {
    name: 'an origin every quarter of the horizon',
    origins: (steps, horizon) => Math.floor(((1 - HISTORY) * steps * 4) / horizon),
  },
];

/** The same forecasts counted in other ways: one row for each, and figures of the one that the goals are from. */
export function compareProtocols(
  all: readonly FamilySeries[],
  horizons: readonly number[],
  goals: readonly number[],
): { readonly table: Table; readonly figures: readonly Figure[] } {
  const results = PROTOCOLS.map((protocol) => ({
    protocol,
    byHorizon: horizons.map((horizon) => lossAt(all, protocol, horizon)),
  }));
  const rows = results.flatMap(({ protocol, byHorizon }) =>
    ['autonomic', 'ses'].map((method, m) => [
      protocol.name,
      method,
      ...byHorizon.map((losses) => (losses[m] ?? NaN).toFixed(3)),
    ]),
  );
  return {
    table: {
      title: 'The same forecasts with other origins: loss ÷ seasonal naive, geometric mean over the series:',
      columns: ['origins', 'method', ...NAMES],
      rows,
    },
    figures: horizons.map((_, i) => ({
      name: `loss to ${NAMES[i] ?? ''} ÷ seasonal naive's, 20 origins for each horizon`,
      value: results[0]?.byHorizon[i]?.[0] ?? NaN,
      unit: '×',
      goal: { atMost: goals[i] ?? NaN },
      from: 'the way in which the goals were set',
    })),
  };
}

/** Of Autonomic, and of exponential smoothing. */
function lossAt(all: readonly FamilySeries[], { origins }: Protocol, horizon: number): number[] {
  const scores = all.flatMap(({ series }): SeriesScore[] => {
    const options = {
      history: HISTORY,
      origins: origins(series.values.length, horizon),
      horizons: [horizon],
      tier: 'Full' as const,
      floors: FLOORS,
    };
    return [evaluateSeries(series, options, () => undefined)].filter((score) => score !== undefined);
  });
  return summarize(scores, [horizon]).map((each) => each.horizons[0]?.lossOverSeasonalNaive ?? NaN);
}
