import { BINS_PER_DAY } from './bins.ts';
import type { PeakForecaster } from './forecaster-state.ts';
import type { PeakForecast } from './peak-forecast.ts';
import { PEAK_INPUTS, type PeakPart } from './peak-inputs.ts';
import { peakMedian, peakQuantile } from './peak-nodes.ts';
import { confidenceOf, doubtOf, type PeakConfidence } from './peak-reliability.ts';
import { BOUND_LEVEL, measuredOf } from './peak-score.ts';
import { createIssuedPeak, readLatest } from './pending-peaks.ts';
import { recentAt } from './recent-demand.ts';
import { BIN_MS } from './sample-clock.ts';
import { ridgeWeight } from './shared-ridge.ts';
import { TIERS } from './tier.ts';

/** How the point of `up` is made up, in the unit of demand: their sum, not below 0, is the point. */
export interface PeakParts extends Readonly<Record<PeakPart, number>> {
  /** The newest value itself. */
  readonly newest: number;
}

/** What a forecast is worth, and what it was made of. */
export interface PeakAssessment {
  readonly parts: PeakParts;
  /** Samples taken in. */
  readonly samples: number;
  /** Measured share of peaks at or below their 95 % bound, over about the last day; absent while unmeasured. */
  readonly coverage?: number;
  /** 1 − loss of that bound ÷ loss of the last value with its usual rise; negative when worse. */
  readonly skill?: number;
  /** 1 − weighted absolute percentage error of the point, 0 … 1. */
  readonly accuracy?: number;
  readonly reliable: boolean;
  /** Why decisions should not rest on it, by what was measured; absent when `reliable`. */
  readonly doubt?: string;
  readonly confidence: PeakConfidence;
}

const LATEST = {
  Full: createIssuedPeak(TIERS.Full.inputs),
  Light: createIssuedPeak(TIERS.Light.inputs),
};

/** @param forecast just made by this forecaster */
export function assessPeak(f: PeakForecaster, { up, weights }: PeakForecast): PeakAssessment {
  const latest = LATEST[f.tier];
  readLatest(f.pending, recentAt(f.recent, f.newest), latest);
  const measured = measuredOf(f.score);
  const { coverage, skill, accuracy } = measured;
  const doubt = doubtOf(measured);
  const relativeWidth = relativeTo(f.level, peakQuantile(up, weights, BOUND_LEVEL) - peakMedian(up));
  const days = (f.clock.newestAt - f.clock.firstAt) / (BIN_MS * BINS_PER_DAY);
  return {
    parts: partsOf(f, latest.x, latest.newest),
    samples: f.clock.samples,
    // An absent field says that it is not known.
    ...(coverage === undefined ? {} : { coverage }),
    ...(skill === undefined ? {} : { skill }),
    ...(accuracy === undefined ? {} : { accuracy }),
    reliable: doubt === undefined,
    ...(doubt === undefined ? {} : { doubt }),
    confidence: confidenceOf({ ...measured, relativeWidth, days }),
  };
}

/** In parts of the usual demand. */
function relativeTo(level: number, width: number): number {
  return level > 0 ? width / level : width > 0 ? Infinity : 0;
}

function partsOf(f: PeakForecaster, x: Float64Array, newest: number): PeakParts {
  const parts = { newest, level: 0, trend: 0, recent: 0, spread: 0, season: 0 };
  const inputs = PEAK_INPUTS[f.tier];
  for (let i = 0; i < inputs.length; i++) {
    const part = inputs[i]?.part ?? 'recent';
    parts[part] += ridgeWeight(f.ridge, 0, i) * (x[i] ?? 0);
  }
  return parts;
}
