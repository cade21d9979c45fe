import { BINS_PER_DAY, BIN_MS, binOf, CLOCK_TOLERANCE_MS, rollingMax } from '../../monitor/series.ts';
import type { DemandForecaster } from './forecaster-state.ts';
import { blendOf, LEVELS, MAX_LEAD_SECONDS, quantileAt, WINDOW_MINUTES, type Blend } from './horizons.ts';
import { advanceLevel } from './level.ts';
import { createOrigin, describeOrigin, type Origin } from './origin.ts';
import { doubtOf } from './reliability.ts';
import { accuracyOf, coverageOf, skillOf, type Score } from './score.ts';
import { dailyTrust, weeklyTrust } from './season.ts';
import { finishQuantiles, predictWindow, type WindowModel } from './window-model.ts';

export interface PeakRequest {
  /** The local clock, ms since the epoch. */
  readonly now: number;
  /** Start-up time plus the window to be served; longer ones than `MAX_LEAD_SECONDS` are taken as that. */
  readonly leadSeconds: number;
  /** Wanted probability that the maximum stays at or below `upper`: 0.5 … 0.99. */
  readonly confidence: number;
}

/** The maximum of demand over (now, now + leadSeconds], in the unit of demand. */
export interface PeakForecast {
  /** Its median. */
  readonly peak: number;
  /** Its quantile at `confidence`, never below `peak`. */
  readonly upper: number;
  /** `level` + `season` + `trend` = `peak`: demand now, what the time of day and week adds, and the rest. */
  readonly level: number;
  readonly season: number;
  readonly trend: number;
  readonly leadSeconds: number;
  readonly confidence: number;
  /** Measured share of maxima at or below such an upper bound, over about the last day; undefined while unmeasured. */
  readonly coverage: number | undefined;
  /** 1 − weighted absolute percentage error of `peak`, 0 … 1; undefined while unmeasured. */
  readonly accuracy: number | undefined;
  /** 1 − error of `peak` ÷ error of the last value; negative when worse; undefined while unmeasured. */
  readonly skill: number | undefined;
  /** Why decisions should not rest on it, by what was measured; undefined when `reliable`. */
  readonly reliable: boolean;
  readonly doubt: string | undefined;
  /** Samples taken in, and forecasts compared with what came. */
  readonly samples: number;
  readonly resolved: number;
  /** Days between the oldest and the newest sample taken in. */
  readonly ageDays: number;
}

export type AbsentReason =
  'InvalidRequest' | 'TooFewSamples' | 'StaleSeries' | 'ClockMovedBack' | 'LeadTooLong';

/** Why there is no forecast; the decision then rests on measured demand alone. */
export interface ForecastAbsent {
  readonly absent: AbsentReason;
  readonly message: string;
}

const MIN_SAMPLES = 10;

/** Prometheus itself calls a series stale after five minutes without a sample. */
const STALE_MS = 5 * BIN_MS;

/** In its first day a series has shown no season: longer leads were covered in 60-70 % instead of 80 %. */
const FIRST_DAY_LEAD_SECONDS = 900;

/** Reads the forecast off the state; changes nothing. */
export function forecastPeak(state: DemandForecaster, request: PeakRequest): PeakForecast | ForecastAbsent {
  const absent = absentOf(state, request);
  if (absent !== undefined) return absent;
  const leadSeconds = Math.min(request.leadSeconds, MAX_LEAD_SECONDS);
  const { origin, blend, record } = lookAhead(state, request.now + leadSeconds * 1000);
  const [low, high] = [windowAt(state, blend.lower), windowAt(state, blend.upper)];
  const mix = (a: number, b: number) => a + blend.share * (b - a);

  const quantiles = predictWindow(low, origin.features);
  const above = blend.share === 0 ? quantiles : predictWindow(high, origin.features);
  for (let k = 0; k < LEVELS.length; k++) quantiles[k] = mix(quantiles[k] ?? 0, above[k] ?? 0);
  finishQuantiles(quantiles, { origin, record });

  const peak = quantiles[0] ?? 0;
  const both = (measure: (score: Score) => number | undefined) => {
    const [a, b] = [measure(low.score), measure(high.score)];
    return a === undefined || b === undefined ? undefined : mix(a, b);
  };
  const { confidence } = request;
  const measured = {
    confidence,
    coverage: both((score) => coverageOf(score, confidence)),
    accuracy: both(accuracyOf),
    skill: both(skillOf),
  };
  const doubt = doubtOf(measured);
  return {
    peak,
    upper: quantileAt(quantiles, confidence),
    level: origin.x,
    season: origin.season,
    trend: peak - origin.x - origin.season,
    leadSeconds,
    ...measured,
    reliable: doubt === undefined,
    doubt,
    samples: state.series.samples,
    resolved: Math.min(low.score.resolved, high.score.resolved),
    ageDays: ageDaysOf(state),
  };
}

function absentOf(state: DemandForecaster, request: PeakRequest): ForecastAbsent | undefined {
  const { now, leadSeconds, confidence } = request;
  const { samples, newestAt } = state.series;
  // Written so that NaN fails too.
  if (!(Number.isFinite(now) && leadSeconds > 0 && confidence >= 0.5 && confidence <= 0.99)) {
    return absent(
      'InvalidRequest',
      `a forecast needs a time, a lead above 0 s and a confidence within 0.5 … 0.99, found ${now}, ${leadSeconds}, ${confidence}`,
    );
  }
  if (samples < MIN_SAMPLES) {
    return absent('TooFewSamples', `${samples} samples so far, a forecast needs ${MIN_SAMPLES}`);
  }
  const age = now - newestAt;
  if (age > STALE_MS) {
    return absent('StaleSeries', `the newest sample is ${Math.round(age / 1000)} s old, the limit is 300 s`);
  }
  if (age < -CLOCK_TOLERANCE_MS) {
    return absent('ClockMovedBack', `the newest sample is ${Math.round(-age / 1000)} s ahead of the clock`);
  }
  if (leadSeconds > FIRST_DAY_LEAD_SECONDS && ageDaysOf(state) < 1) {
    return absent(
      'LeadTooLong',
      `a lead of ${leadSeconds} s needs a day of samples; up to ${FIRST_DAY_LEAD_SECONDS} s is possible before`,
    );
  }
  return undefined;
}

function absent(reason: AbsentReason, message: string): ForecastAbsent {
  return { absent: reason, message };
}

interface Outlook {
  readonly origin: Origin;
  readonly blend: Blend;
  readonly record: number;
}

/**
 * The origin is the newest sample, not the clock: what happened since is unknown as well, so the window grows
 * by the age of the data.
 */
function lookAhead(state: DemandForecaster, until: number): Outlook {
  const { series } = state;
  const bin = series.newestBin;
  const x = rollingMax(series);
  const level = { ...state.level };
  if (bin > level.lastBin) advanceLevel(level, bin, x);
  const length = Math.max(shortestLearned(state), (until - series.newestAt) / BIN_MS);
  const blend = blendOf(length);
  const [low, high] = [windowAt(state, blend.lower).trust, windowAt(state, blend.upper).trust];
  const mix = (a: number, b: number) => a + blend.share * (b - a);
  const origin = createOrigin();
  describeOrigin(origin, series, level, {
    bin,
    x,
    // Seasons sit at minutes of the day: the window reaches into the minute that the lead ends in.
    minutes: Math.max(1, binOf(until) - bin),
    length,
    dailyTrust: mix(dailyTrust(low), dailyTrust(high)),
    weeklyTrust: mix(weeklyTrust(low), weeklyTrust(high)),
  });
  return { origin, blend, record: level.record };
}

/** A scrape interval above a minute never completes the shortest windows: the next one then serves for them. */
function shortestLearned(state: DemandForecaster): number {
  return state.windows.find(({ score }) => score.resolved > 0)?.minutes ?? WINDOW_MINUTES[0];
}

function windowAt(state: DemandForecaster, index: number): WindowModel {
  const window = state.windows[index];
  if (window === undefined) throw new RangeError(`no window model ${index}`);
  return window;
}

function ageDaysOf({ series }: DemandForecaster): number {
  return (series.newestAt - series.firstAt) / (BIN_MS * BINS_PER_DAY);
}
