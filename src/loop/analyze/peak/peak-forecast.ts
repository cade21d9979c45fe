import { reachOf, wantedReaction, type Reaction } from './adopted-reaction.ts';
import { BIN_SECONDS } from './bins.ts';
import { CLOCK_TOLERANCE_MS } from './forecaster.ts';
import type { PeakForecaster } from './forecaster-state.ts';
import { unsettledFactor } from './learn-peak.ts';
import { fillPeakNodes, PEAK_NODES, PEAK_WEIGHTS } from './peak-nodes.ts';
import { createIssuedPeak, readLatest } from './pending-peaks.ts';
import { recentAt } from './recent-demand.ts';
import { BIN_MS, usualGap } from './sample-clock.ts';
import { maxReach, TIERS } from './tier.ts';

/** Values of the peak, which `PEAK_WEIGHTS` weigh: where an order placed now matters, and where a removal does. */
export interface PeakNodes {
  readonly up: Float64Array;
  readonly hold: Float64Array;
}

/** The maximum of demand over the two windows of a reaction, in the unit of demand. */
export interface PeakForecast extends PeakNodes {
  readonly weights: Float64Array;
  /** Expected peak of `up`. */
  readonly point: number;
  /** From the decision to the end of both windows; a longer reaction than can be learned is cut. */
  readonly horizonSeconds: number;
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

const LATEST = {
  Full: createIssuedPeak(TIERS.Full.inputs),
  Light: createIssuedPeak(TIERS.Light.inputs),
};

/** One buffer for both: each costs as much as all the rest. */
export function createPeakNodes(): PeakNodes {
  const { buffer } = new Float64Array(2 * PEAK_NODES);
  return {
    up: new Float64Array(buffer, 0, PEAK_NODES),
    hold: new Float64Array(buffer, PEAK_NODES * Float64Array.BYTES_PER_ELEMENT, PEAK_NODES),
  };
}

/** The newest forecast, read off the state, which it does not change. @param nodes to be filled; new ones when left out */
export function peakForecast(
  f: PeakForecaster,
  reaction: Reaction,
  nodes: PeakNodes = createPeakNodes(),
): PeakForecast | PeakAbsence {
  const absence = absenceOf(f, reaction);
  if (absence !== undefined) return absence;
  if (f.pending.latestOrigin !== f.newest) return tooFew(f);
  const { up, hold } = nodes;
  const factor = unsettledFactor(f, f.newest) * latenessFactor(f, reaction);
  const newest = recentAt(f.recent, f.newest);
  readLatest(f.pending, newest, LATEST[f.tier]);
  const latest = LATEST[f.tier];
  const record = Math.max(f.plausibility.record, newest);
  fillPeakNodes(up, f.up.past, {
    point: newest + latest.up.rise,
    scale: latest.up.scale * factor,
    record,
  });
  fillPeakNodes(hold, f.hold.past, {
    point: newest + latest.hold.rise,
    scale: latest.hold.scale * factor,
    record,
  });
  const horizonSeconds = (f.reaction.to + 1) * BIN_SECONDS;
  return { up, hold, weights: PEAK_WEIGHTS, point: newest + latest.up.rise, horizonSeconds };
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
