import { windowCount, windowMax, type DemandSeries } from '../../monitor/series.ts';
import { createPanel, EXPERT_COUNT, learnPanel, predictPanel, type PanelState } from './experts.ts';
import { LEVELS } from './horizons.ts';
import type { LevelState } from './level.ts';
import { describeOrigin, FEATURES, type Origin } from './origin.ts';
import { createScore, learnScore, type Score } from './score.ts';
import { createSeasonTrust, dailyTrust, learnSeason, weeklyTrust, type SeasonTrust } from './season.ts';

/**
 * Everything learned about the maximum over one window length. Each minute a forecast is issued and kept until
 * its window is complete; only then does it teach.
 */
export interface WindowModel {
  readonly minutes: number;
  readonly trust: SeasonTrust;
  readonly panel: PanelState;
  /** Calibration: added to the pooled quantile of each level, in sigmas. */
  readonly offsets: Float64Array;
  readonly score: Score;
  /** Issued forecasts that wait for their window, one row each; row `origin % rows`. */
  readonly pending: Float64Array;
}

/**
 * The adaptive conformal step (Gibbs & Candès, NeurIPS 2021), taken on the quantile itself as in quantile
 * tracking (Angelopoulos, Candès & Tibshirani, NeurIPS 2023): up by rate·level after a miss, down a little after
 * a hit, so that hits average to the level whatever the series does.
 */
const OFFSET_RATE = 0.02;
const OFFSET_LIMIT = 6;

/** So much of the samples that the window should have must be there, or its maximum is not known. */
const COMPLETE_SHARE = 0.8;

const AT_ORIGIN = 0;
const AT_X = 1;
const AT_SEASON = 2;
const AT_SIGMA = 3;
const AT_DAILY = 4;
const AT_WEEKLY = 5;
const AT_DAY_SCALE = 6;
const AT_FEATURES = 7;
const AT_POINTS = AT_FEATURES + FEATURES;
const AT_QUANTILES = AT_POINTS + EXPERT_COUNT;
const ROW = AT_QUANTILES + LEVELS.length;

export function createWindowModel(minutes: number): WindowModel {
  return {
    minutes,
    trust: createSeasonTrust(),
    panel: createPanel(minutes),
    offsets: new Float64Array(LEVELS.length),
    score: createScore(),
    pending: new Float64Array((minutes + 1) * ROW).fill(NaN),
  };
}

/** Forgets what was issued: after a clock was set back it would be compared with the wrong minutes. */
export function dropPending(model: WindowModel): void {
  model.pending.fill(NaN);
}

/** Issues the forecast of the minute `bin`, which has demand `x` and is the newest in `series`' closed past. */
export function issue(
  model: WindowModel,
  series: DemandSeries,
  level: LevelState,
  at: { bin: number; x: number },
): void {
  const { minutes, trust } = model;
  const origin = describeOrigin(series, level, {
    ...at,
    minutes,
    length: minutes,
    dailyTrust: dailyTrust(trust),
    weeklyTrust: weeklyTrust(trust),
  });
  const row = rowOf(model, at.bin);
  row[AT_ORIGIN] = at.bin;
  row[AT_X] = origin.x;
  row[AT_SEASON] = origin.season;
  row[AT_SIGMA] = origin.sigma;
  row[AT_DAILY] = origin.increment.daily;
  row[AT_WEEKLY] = origin.increment.weekly;
  row[AT_DAY_SCALE] = origin.dayScale;
  row.set(origin.features, AT_FEATURES);
  const points = row.subarray(AT_POINTS, AT_QUANTILES);
  const quantiles = row.subarray(AT_QUANTILES, ROW);
  predictPanel(model.panel, origin.features, quantiles, points);
  finishQuantiles(quantiles, { origin, offsets: model.offsets, record: level.record });
}

/** Learns from the forecast whose window ends with the minute `bin`, if there is one and its maximum is known. */
export function resolve(model: WindowModel, series: DemandSeries, bin: number, presence: number): void {
  const { minutes } = model;
  const start = bin - minutes;
  const row = rowOf(model, start);
  if (row[AT_ORIGIN] !== start) return;
  row[AT_ORIGIN] = NaN;
  const present = windowCount(series, start + 1, bin);
  if (present < Math.max(1, Math.ceil(COMPLETE_SHARE * presence * minutes - 1e-9))) return;
  learn(model, row, windowMax(series, start + 1, bin));
}

/** Quantiles at `LEVELS` in sigmas above "demand now plus season", calibrated. */
export function predictWindow(model: WindowModel, features: Float64Array): Float64Array {
  const quantiles = new Float64Array(LEVELS.length);
  predictPanel(model.panel, features, quantiles, new Float64Array(EXPERT_COUNT));
  for (let k = 0; k < quantiles.length; k++) quantiles[k] = (quantiles[k] ?? 0) + (model.offsets[k] ?? 0);
  return quantiles;
}

export interface Finish {
  readonly origin: Pick<Origin, 'x' | 'season' | 'sigma'>;
  /** Largest demand remembered. */
  readonly record: number;
  readonly offsets?: Float64Array;
}

/**
 * Turns sigmas into demand, in place: never negative, never beyond twice the record (a burst out of silence has
 * errors of thousands of sigmas), and rising with the level.
 */
export function finishQuantiles(quantiles: Float64Array, { origin, record, offsets }: Finish): void {
  const base = origin.x + origin.season;
  let floor = 0;
  for (let k = 0; k < quantiles.length; k++) {
    const sigmas = (quantiles[k] ?? 0) + (offsets?.[k] ?? 0);
    floor = Math.max(floor, Math.min(2 * record, base + origin.sigma * sigmas));
    quantiles[k] = floor;
  }
}

function learn(model: WindowModel, row: Float64Array, maximum: number): void {
  const { offsets } = model;
  const at = (index: number) => row[index] ?? NaN;
  const quantiles = row.subarray(AT_QUANTILES, ROW);
  learnScore(model.score, quantiles, at(AT_X), maximum);
  for (let k = 0; k < offsets.length; k++) {
    // A tie is a hit for the coverage and says nothing about the width: a constant series would drift for ever.
    if (maximum === quantiles[k]) continue;
    const miss = maximum > (quantiles[k] ?? 0) ? 1 : 0;
    const moved = (offsets[k] ?? 0) + OFFSET_RATE * (miss - (1 - (LEVELS[k] ?? 1)));
    offsets[k] = Math.min(OFFSET_LIMIT, Math.max(-OFFSET_LIMIT, moved));
  }
  const increment = { daily: at(AT_DAILY), weekly: at(AT_WEEKLY), spread: 0 };
  learnSeason(model.trust, increment, maximum - at(AT_X), 1 / at(AT_DAY_SCALE) ** 2);
  const target = (maximum - at(AT_X) - at(AT_SEASON)) / at(AT_SIGMA);
  const features = row.subarray(AT_FEATURES, AT_POINTS);
  learnPanel(model.panel, features, target, row.subarray(AT_POINTS, AT_QUANTILES));
}

function rowOf(model: WindowModel, origin: number): Float64Array {
  const index = origin % (model.minutes + 1);
  return model.pending.subarray(index * ROW, (index + 1) * ROW);
}
