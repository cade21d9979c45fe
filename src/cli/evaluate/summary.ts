import type { MethodScore, SeriesScore } from './evaluate-series.ts';
import type { HorizonScore } from './score.ts';

/** How a method did on all series, up to one horizon. Ratios are to the seasonal naive forecast's loss. */
export interface HorizonSummary {
  readonly steps: number;
  /** Series with a ratio: those on which the seasonal naive forecast is not perfect. */
  readonly series: number;
  /** Geometric mean of the ratios, and of the ratios kept within 0.05 … 20; null without any. */
  readonly lossOverSeasonalNaive: number | null;
  readonly clippedLossOverSeasonalNaive: number | null;
  readonly medianLossOverSeasonalNaive: number | null;
  readonly shareWorseThanSeasonalNaive: number | null;
  /** Mean over the series, at the origins. */
  readonly coverage80: number | null;
  readonly shareWithin70To90: number | null;
  /** The same counted at every step of the rest, for Autonomic. */
  readonly denseCoverage80?: number | null;
  readonly denseShareWithin70To90?: number | null;
}

export interface MethodSummary {
  readonly name: MethodScore['name'];
  readonly horizons: readonly HorizonSummary[];
}

const CLIP = 20;

export function summarize(scores: readonly SeriesScore[], horizons: readonly number[]): MethodSummary[] {
  const names = scores[0]?.methods.map(({ name }) => name) ?? [];
  return names.map((name) => ({
    name,
    horizons: horizons.map((steps, i) => ({
      ...summarizeHorizon(scores, name, steps),
      ...(name === 'autonomic' ? denseOf(scores, i) : {}),
    })),
  }));
}

function summarizeHorizon(
  scores: readonly SeriesScore[],
  name: MethodScore['name'],
  steps: number,
): HorizonSummary {
  const ratios: number[] = [];
  const coverages: number[] = [];
  for (const score of scores) {
    const own = scoreOf(score, name, steps);
    const naive = scoreOf(score, 'seasonal-naive', steps);
    if (own !== undefined) coverages.push(own.coverage80);
    if (own !== undefined && naive !== undefined && naive.loss > 0) ratios.push(own.loss / naive.loss);
  }
  return {
    steps,
    series: ratios.length,
    // A perfect forecast would make the mean of all zero.
    lossOverSeasonalNaive: geometricMean(ratios.filter((ratio) => ratio > 0)),
    clippedLossOverSeasonalNaive: geometricMean(
      ratios.map((ratio) => Math.min(CLIP, Math.max(1 / CLIP, ratio))),
    ),
    medianLossOverSeasonalNaive: ratios.toSorted((a, b) => a - b)[ratios.length >> 1] ?? null,
    shareWorseThanSeasonalNaive: mean(ratios.map((ratio) => Number(ratio > 1))),
    coverage80: mean(coverages),
    shareWithin70To90: mean(coverages.map(within)),
  };
}

function denseOf(
  scores: readonly SeriesScore[],
  i: number,
): Pick<HorizonSummary, 'denseCoverage80' | 'denseShareWithin70To90'> {
  const dense = scores.map(({ denseCoverage80 }) => denseCoverage80[i] ?? NaN).filter(Number.isFinite);
  return { denseCoverage80: mean(dense), denseShareWithin70To90: mean(dense.map(within)) };
}

function within(coverage: number): number {
  return Number(coverage >= 0.7 && coverage <= 0.9);
}

function scoreOf(
  { methods }: SeriesScore,
  name: MethodScore['name'],
  steps: number,
): HorizonScore | undefined {
  return methods.find((method) => method.name === name)?.horizons.find((score) => score.steps === steps);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function geometricMean(values: readonly number[]): number | null {
  const logarithm = mean(values.map(Math.log));
  return logarithm === null ? null : Math.exp(logarithm);
}
