import { windowCount, windowMax, type DemandSeries } from '../../monitor/series.ts';
import { createPanel, EXPERT_COUNT, learnPanel, predictPanel, type PanelState } from './experts.ts';
import { LEVELS } from './horizons.ts';
import type { LevelState } from './level.ts';
import { createOrigin, describeOrigin, type Origin } from './origin.ts';
import { createScore, learnScore, type Score } from './score.ts';
import { createSeasonTrust, dailyTrust, learnSeason, weeklyTrust, type SeasonTrust } from './season.ts';

/** A forecast that waits for its window to be complete. Reused: nothing is allocated minute by minute. */
interface Pending {
  /** The minute it was made at; NaN when the place is free. */
  bin: number;
  readonly origin: Origin;
  readonly points: Float64Array;
  /** In demand, as issued. */
  readonly quantiles: Float64Array;
}

/**
 * Everything learned about the maximum over one window length. Forecasts are issued all the time and kept until
 * their window is complete; only then do they teach.
 */
export interface WindowModel {
  readonly minutes: number;
  /** Minutes between two forecasts that teach. */
  readonly stride: number;
  readonly trust: SeasonTrust;
  readonly panel: PanelState;
  /** Calibration: added to the pooled quantile of each level, in sigmas. */
  readonly offsets: Float64Array;
  readonly score: Score;
  /** A forecast of minute b waits at place (b ÷ stride) mod length. */
  readonly pending: readonly Pending[];
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

export function createWindowModel(minutes: number, stride: number): WindowModel {
  return {
    minutes,
    stride,
    trust: createSeasonTrust(),
    panel: createPanel(minutes),
    offsets: new Float64Array(LEVELS.length),
    score: createScore(stride),
    pending: Array.from({ length: Math.floor(minutes / stride) + 1 }, createPending),
  };
}

/** Forgets what was issued: after a clock was set back it would be compared with the wrong minutes. */
export function dropPending(model: WindowModel): void {
  for (const pending of model.pending) pending.bin = NaN;
}

/** Issues the forecast of the minute `bin`, which has demand `x` and is the newest that `level` has taken in. */
export function issue(
  model: WindowModel,
  series: DemandSeries,
  level: LevelState,
  at: { bin: number; x: number },
): void {
  const pending = placeOf(model, at.bin);
  if (pending === undefined) return;
  const { origin, points, quantiles } = pending;
  const { minutes, trust } = model;
  pending.bin = at.bin;
  describeOrigin(origin, series, level, {
    bin: at.bin,
    x: at.x,
    minutes,
    length: minutes,
    dailyTrust: dailyTrust(trust),
    weeklyTrust: weeklyTrust(trust),
  });
  predictPanel(model.panel, origin.features, quantiles, points);
  finishQuantiles(quantiles, { origin, offsets: model.offsets, record: level.record });
}

/** Learns from the forecast whose window ends with the minute `bin`, if there is one and its maximum is known. */
export function resolve(model: WindowModel, series: DemandSeries, bin: number, presence: number): void {
  const { minutes } = model;
  const start = bin - minutes;
  const pending = placeOf(model, start);
  if (pending?.bin !== start) return;
  pending.bin = NaN;
  const present = windowCount(series, start + 1, bin);
  if (present < Math.max(1, Math.round(COMPLETE_SHARE * presence * minutes))) return;
  learn(model, pending, windowMax(series, start + 1, bin));
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

function learn(model: WindowModel, pending: Pending, maximum: number): void {
  const { offsets, stride } = model;
  const { origin, points, quantiles } = pending;
  learnScore(model.score, quantiles, origin.x, maximum);
  for (let k = 0; k < offsets.length; k++) {
    // A tie is a hit for the coverage and says nothing about the width: a constant series would drift for ever.
    if (maximum === quantiles[k]) continue;
    const miss = maximum > (quantiles[k] ?? 0) ? 1 : 0;
    const moved = (offsets[k] ?? 0) + OFFSET_RATE * (miss - (1 - (LEVELS[k] ?? 1)));
    offsets[k] = Math.min(OFFSET_LIMIT, Math.max(-OFFSET_LIMIT, moved));
  }
  const rise = maximum - origin.x;
  learnSeason(model.trust, origin.increment, { rise, weight: 1 / origin.dayScale ** 2, minutes: stride });
  learnPanel(model.panel, origin.features, (rise - origin.season) / origin.sigma, points);
}

function createPending(): Pending {
  return {
    bin: NaN,
    origin: createOrigin(),
    points: new Float64Array(EXPERT_COUNT),
    quantiles: new Float64Array(LEVELS.length),
  };
}

function placeOf(model: WindowModel, bin: number): Pending | undefined {
  const turn = bin / model.stride;
  return Number.isInteger(turn) ? model.pending[turn % model.pending.length] : undefined;
}
