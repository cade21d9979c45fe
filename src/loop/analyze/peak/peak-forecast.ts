import { reachOf, wantedReaction, type Reaction } from './adopted-reaction.ts';
import { BIN_SECONDS, BINS_PER_DAY } from './bins.ts';
import { CLOCK_TOLERANCE_MS } from './forecaster.ts';
import type { PeakForecaster } from './forecaster-state.ts';
import { unsettledFactor } from './learn-peak.ts';
import { PEAK_INPUTS, type PeakPart } from './peak-inputs.ts';
import { fillPeakNodes, PEAK_NODES, PEAK_WEIGHTS, peakMedian } from './peak-nodes.ts';
import { confidenceOf, doubtOf, type PeakConfidence } from './peak-reliability.ts';
import { measuredOf, type Measured } from './peak-score.ts';
import { createIssuedPeak, newestPlace, readPeak, type IssuedPeak } from './pending-peaks.ts';
import { BIN_MS, usualGap } from './sample-clock.ts';
import { ridgeWeight } from './shared-ridge.ts';
import { maxReach, TIERS } from './tier.ts';

/** How the point of `up` is made up, in the unit of demand: their sum, not below 0, is the point. */
export interface PeakParts extends Readonly<Record<PeakPart, number>> {
  /** The newest value itself. */
  readonly newest: number;
}

/** The maximum of demand over the two windows of a reaction, in the unit of demand. */
export interface PeakForecast {
  /** Where an order placed now matters, and where a removal does: values that `weights` weigh. */
  readonly up: Float64Array;
  readonly hold: Float64Array;
  readonly weights: Float64Array;
  /** Expected peak of `up`. */
  readonly point: number;
  readonly parts: PeakParts;
  /** From the decision to the end of both windows; a longer reaction than can be learned is cut. */
  readonly horizonSeconds: number;
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

/** Why there is no forecast; the decision then rests on measured demand alone. */
export interface PeakAbsence {
  readonly absent: 'InvalidRequest' | 'TooFewSamples' | 'StaleSeries' | 'ClockMovedBack';
  readonly message: string;
}

/** Two minutes of demand: a forecast from one bin would be a guess. */
const FIRST_BINS = 8;

/** Prometheus itself calls a series stale after five minutes without a sample. */
const STALE_MS = 300_000;

const ISSUED = {
  Full: createIssuedPeak(TIERS.Full.inputs),
  Light: createIssuedPeak(TIERS.Light.inputs),
};

/** The newest forecast, read off the state; changes nothing. */
export function peakForecast(f: PeakForecaster, reaction: Reaction): PeakForecast | PeakAbsence {
  const absence = absenceOf(f, reaction);
  if (absence !== undefined) return absence;
  const place = newestPlace(f.pending, f.newest);
  if (place === undefined) return tooFew(f);
  const issued = ISSUED[f.tier];
  readPeak(f.pending, place, issued);
  const factor = unsettledFactor(f, f.newest) * latenessFactor(f, reaction);
  // One buffer for both: each costs as much as all the rest.
  const buffer = new Float64Array(2 * PEAK_NODES).buffer;
  const up = fillNodes(new Float64Array(buffer, 0, PEAK_NODES), f, { target: 'up', issued, factor });
  const later = new Float64Array(buffer, up.byteLength, PEAK_NODES);
  const measured = measuredOf(f.score);
  const doubt = doubtOf(measured);
  const days = (f.clock.newestAt - f.clock.firstAt) / (BIN_MS * BINS_PER_DAY);
  return {
    up,
    hold: fillNodes(later, f, { target: 'hold', issued, factor }),
    weights: PEAK_WEIGHTS,
    point: issued.up.point,
    parts: partsOf(f, issued),
    horizonSeconds: (f.reaction.windows.up.to + 1) * BIN_SECONDS,
    samples: f.clock.samples,
    ...knownOf(measured),
    reliable: doubt === undefined,
    ...(doubt === undefined ? {} : { doubt }),
    confidence: confidenceOf({ ...measured, relativeWidth: relativeWidth(f, up, issued.bound), days }),
  };
}

function absenceOf(
  f: PeakForecaster,
  { now, startupSeconds, lagSeconds }: Reaction,
): PeakAbsence | undefined {
  // Written so that NaN fails too.
  if (!(Number.isFinite(now) && startupSeconds >= 0 && lagSeconds >= 0 && startupSeconds < Infinity)) {
    return absent(
      'InvalidRequest',
      `a forecast needs a time, a start-up time and a lag of at least 0 s, found ${now}, ${startupSeconds}, ${lagSeconds}`,
    );
  }
  if (f.known < FIRST_BINS) return tooFew(f);
  const age = now - f.clock.newestAt;
  const limit = Math.max(STALE_MS, 2 * usualGap(f.clock) * BIN_MS);
  if (age > limit) {
    return absent(
      'StaleSeries',
      `the newest sample is ${Math.round(age / 1000)} s old, the limit is ${Math.round(limit / 1000)} s`,
    );
  }
  if (age < -CLOCK_TOLERANCE_MS) {
    return absent('ClockMovedBack', `the newest sample is ${Math.round(-age / 1000)} s ahead of the clock`);
  }
  return undefined;
}

function tooFew({ known }: PeakForecaster): PeakAbsence {
  return absent(
    'TooFewSamples',
    `${known * BIN_SECONDS} s of demand are known so far, a forecast needs ${FIRST_BINS * BIN_SECONDS} s`,
  );
}

function absent(reason: PeakAbsence['absent'], message: string): PeakAbsence {
  return { absent: reason, message };
}

/** Data older than usual: the window lies farther ahead than that which is learned, and errors grow with the root. */
function latenessFactor(f: PeakForecaster, reaction: Reaction): number {
  const wanted = wantedReaction(reaction, f.clock.newestAt, maxReach(f.tier));
  return Math.sqrt(Math.max(1, reachOf(wanted) / reachOf(f.reaction)));
}

function fillNodes(
  nodes: Float64Array,
  f: PeakForecaster,
  { target, issued, factor }: { target: 'up' | 'hold'; issued: IssuedPeak; factor: number },
): Float64Array {
  const { point, scale } = issued[target];
  const record = Math.max(f.plausibility.record, issued.newest);
  fillPeakNodes(nodes, f[target].past, { point, scale: scale * factor, record });
  return nodes;
}

/** From the median to the 95 % bound, in parts of the usual demand. */
function relativeWidth({ level }: PeakForecaster, nodes: Float64Array, bound: number): number {
  const width = bound - peakMedian(nodes);
  return level > 0 ? width / level : width > 0 ? Infinity : 0;
}

function partsOf(f: PeakForecaster, { x, newest }: IssuedPeak): PeakParts {
  const parts = { newest, level: 0, trend: 0, recent: 0, spread: 0, season: 0 };
  const inputs = PEAK_INPUTS[f.tier];
  for (let i = 0; i < inputs.length; i++) {
    const part = inputs[i]?.part ?? 'recent';
    parts[part] += ridgeWeight(f.ridge, 0, i) * (x[i] ?? 0);
  }
  return parts;
}

/** Without the fields that are not known: an absent field says so. */
function knownOf({
  coverage,
  skill,
  accuracy,
}: Measured): Pick<PeakForecast, 'coverage' | 'skill' | 'accuracy'> {
  return {
    ...(coverage === undefined ? {} : { coverage }),
    ...(skill === undefined ? {} : { skill }),
    ...(accuracy === undefined ? {} : { accuracy }),
  };
}
