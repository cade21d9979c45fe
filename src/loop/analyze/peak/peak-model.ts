import { BINS_PER_DAY, type PeakWindow } from './bins.ts';
import type { DemandHistory } from './demand-history.ts';
import {
  createErrorScale,
  learnScale,
  predictScale,
  SCALE_INPUTS,
  solveScale,
  type ErrorScale,
} from './error-scale.ts';
import {
  createResidualRings,
  fillPeakNodes,
  learnResidual,
  PEAK_NODES,
  type ResidualRings,
} from './peak-distribution.ts';
import { describePeakOrigin, PEAK_FEATURES } from './peak-features.ts';
import { knownMax, recentBin } from './recent-bins.ts';
import {
  createRidgeRegression,
  learnRidge,
  predictRidge,
  solveRidge,
  type RidgeRegression,
} from './ridge-regression.ts';
import { meanOf } from './rolling-mean.ts';

/** A forecast that waits for its window to be complete. Reused: nothing is allocated bin by bin. */
interface PendingPeak {
  /** The newest bin when it was made; NaN when the place is free. */
  origin: number;
  newest: number;
  point: number;
  scale: number;
  /** Mean demand over five minutes. */
  mean: number;
  readonly features: Float64Array;
  readonly scaleInputs: Float64Array;
}

/**
 * The maximum of demand over one window ahead: a ridge regression for the point, another for the size of its error,
 * and past errors in multiples of that size for the distribution. Plain numbers and typed arrays, changed in place.
 */
export interface PeakModel {
  readonly window: PeakWindow;
  /** Bins from the newest measured one to that of the decision. */
  readonly lagBins: number;
  readonly ridge: RidgeRegression;
  readonly scale: ErrorScale;
  readonly residuals: ResidualRings;
  readonly pending: readonly PendingPeak[];
  /** Windows completed, and how many of them since the regressions were last solved. */
  learned: number;
  unsolved: number;
  /** The forecast made at the newest bin: its decision's bin (NaN before the first), point, expected error, nodes. */
  decisionBin: number;
  point: number;
  expectedError: number;
  readonly nodes: Float64Array;
}

/** Equations are forgotten by a factor e in three days; 1.5, 7 and 10 days were no better on measured series. */
const MEMORY = Math.exp(-1 / (3 * BINS_PER_DAY));

/** Bins between two solutions: an hour, and a quarter of one on the first day. */
const SOLVE_BINS = 240;
const YOUNG_SOLVE_BINS = 60;

/** An outcome teaches at most so many expected errors: one burst must not turn the weights over. */
const CLIP = 8;

/** Least level, requests per second: keeps the weights of an idle series finite. */
const LEAST_LEVEL = 1e-6;

export function createPeakModel(window: PeakWindow, lagBins: number): PeakModel {
  const places = 2 ** Math.ceil(Math.log2(lagBins + window.to + 1));
  return {
    window,
    lagBins,
    ridge: createRidgeRegression(PEAK_FEATURES.length, MEMORY),
    scale: createErrorScale(MEMORY),
    residuals: createResidualRings(),
    pending: Array.from({ length: places }, createPending),
    learned: 0,
    unsolved: 0,
    decisionBin: NaN,
    point: 0,
    expectedError: 0,
    nodes: new Float64Array(PEAK_NODES),
  };
}

/** Learns from the forecast whose window the newest bin completes. */
export function learnPeak(model: PeakModel, history: DemandHistory): void {
  const { window, lagBins } = model;
  const origin = history.newest - window.to - lagBins;
  const pending = placeOf(model, origin);
  if (pending?.origin !== origin) return;
  const peak = knownMax(history.values, history.newest - (window.to - window.from), history.newest);
  if (!Number.isNaN(peak)) learnOutcome(model, pending, peak, history.level);
  pending.origin = NaN;
  const interval = model.learned < BINS_PER_DAY ? YOUNG_SOLVE_BINS : SOLVE_BINS;
  if (model.unsolved < interval) return;
  solveRidge(model.ridge);
  solveScale(model.scale);
  model.unsolved = 0;
}

/** Makes the forecast for the decision `lagBins` after the newest bin. */
export function issuePeak(model: PeakModel, history: DemandHistory): void {
  const bin = history.newest;
  const pending = placeOf(model, bin);
  if (pending === undefined) return;
  const decisionBin = bin + model.lagBins;
  describePeakOrigin(pending.features, history, { bin, decisionBin, window: model.window });
  pending.origin = bin;
  pending.newest = recentBin(history.values, bin);
  pending.mean = meanOf(history.mean20);
  pending.point = Math.max(0, pending.newest + predictRidge(model.ridge, pending.features));
  pending.scale = predictScale(model.scale, pending.scaleInputs, history, decisionBin);
  model.decisionBin = decisionBin;
  model.point = pending.point;
  model.expectedError = pending.scale;
  fillPeakNodes(model.nodes, model.residuals, {
    point: pending.point,
    scale: pending.scale,
    record: history.record,
  });
}

function learnOutcome(model: PeakModel, pending: PendingPeak, peak: number, level: number): void {
  const { features, scaleInputs, newest, point, scale } = pending;
  // Errors of a larger load are larger: each equation counts by the load at its time.
  const weight = 1 / (pending.mean + 0.3 * level + LEAST_LEVEL);
  const expectedRise = point - newest;
  const rise = Math.min(expectedRise + CLIP * scale, Math.max(expectedRise - CLIP * scale, peak - newest));
  learnRidge(model.ridge, features, rise, weight);
  learnResidual(model.residuals, peak - point, scale, model.learned);
  learnScale(model.scale, {
    inputs: scaleInputs,
    expected: scale,
    absoluteError: Math.abs(peak - point),
    decisionBin: pending.origin + model.lagBins,
    weight,
    young: model.learned < BINS_PER_DAY,
  });
  model.learned++;
  model.unsolved++;
}

function createPending(): PendingPeak {
  return {
    origin: NaN,
    newest: 0,
    point: 0,
    scale: 0,
    mean: 0,
    features: new Float64Array(PEAK_FEATURES.length),
    scaleInputs: new Float64Array(SCALE_INPUTS),
  };
}

function placeOf({ pending }: PeakModel, origin: number): PendingPeak | undefined {
  return pending[origin & (pending.length - 1)];
}
