import { createTailCalibrator, surprise, type TailCalibrator } from '../surprise/tail-calibrator.ts';

/** Cost of a namespace against what it usually is at this hour of the week. */
export interface CostWatch {
  /** Usual logarithm of the cost rate by hour of the week and by hour of the day, UTC, and visits of each. */
  readonly byWeek: Float32Array;
  readonly byDay: Float32Array;
  readonly visits: Uint16Array;
  readonly dayVisits: Uint16Array;
  /** Of the open hour. */
  hour: number;
  sum: number;
  minutes: number;
  /** Mean distance of an hour from the usual, in logarithms. */
  spread: number;
  readonly calibrator: TailCalibrator;
}

export interface CostFinding {
  /** −log10 p of a cost this high, 0 … 12; NaN while nothing is usual yet. */
  readonly surprise: number;
  /** The band, in the unit of the rate; NaN while nothing is usual yet. */
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
}

const UNKNOWN: CostFinding = { surprise: NaN, expected: NaN, lower: NaN, upper: NaN };

const HOUR_MS = 3_600_000;
const WEEK_HOURS = 168;
const DAY_HOURS = 24;
/** The newest visit counts a third: prices and sizes change. */
const LEAST_RATE = 1 / 3;
/** A nine in ten band of a double exponential distribution, in mean distances. */
const BAND = 2.3;
const FIRST_SPREAD = 0.1;
const LEAST_SPREAD = 0.02;
const SPREAD_RATE = 1 / WEEK_HOURS;
/** Eight weeks of minutes. */
const EFFECTIVE_MINUTES = 80_640;

export function createCostWatch(): CostWatch {
  return {
    byWeek: new Float32Array(WEEK_HOURS),
    byDay: new Float32Array(DAY_HOURS),
    visits: new Uint16Array(WEEK_HOURS),
    dayVisits: new Uint16Array(DAY_HOURS),
    hour: NaN,
    sum: 0,
    minutes: 0,
    spread: FIRST_SPREAD,
    calibrator: createTailCalibrator({ effectiveSamples: EFFECTIVE_MINUTES, robust: true }),
  };
}

/** One minute: what the namespace costs, above 0, in any currency an hour. A whole hour is learnt when it is over. */
export function observeCost(watch: CostWatch, rate: number, now: number): CostFinding {
  if (!(rate > 0 && rate < Infinity && Number.isFinite(now) && now >= 0)) return UNKNOWN;
  const hour = Math.floor(now / HOUR_MS);
  if (hour !== watch.hour) closeHour(watch, hour);
  const usual = usualAt(watch, hour);
  const log = Math.log(rate);
  watch.sum += log;
  watch.minutes += 1;
  if (Number.isNaN(usual)) return UNKNOWN;
  const band = Math.exp(BAND * watch.spread);
  const expected = Math.exp(usual);
  return {
    surprise: surprise(watch.calibrator, Math.max(0, log - usual) / watch.spread),
    expected,
    lower: expected / band,
    upper: expected * band,
  };
}

function closeHour(watch: CostWatch, hour: number): void {
  if (watch.minutes > 0) {
    const mean = watch.sum / watch.minutes;
    const usual = usualAt(watch, watch.hour);
    if (!Number.isNaN(usual)) {
      const distance = Math.min(Math.abs(mean - usual), 4 * watch.spread);
      watch.spread = Math.max(LEAST_SPREAD, watch.spread + SPREAD_RATE * (distance - watch.spread));
    }
    learn(watch.byWeek, watch.visits, watch.hour % WEEK_HOURS, mean);
    learn(watch.byDay, watch.dayVisits, watch.hour % DAY_HOURS, mean);
  }
  watch.hour = hour;
  watch.sum = 0;
  watch.minutes = 0;
}

function learn(usual: Float32Array, visits: Uint16Array, slot: number, value: number): void {
  const seen = Math.min(0xfffe, visits[slot] ?? 0);
  const before = usual[slot] ?? 0;
  usual[slot] = seen === 0 ? value : before + Math.max(LEAST_RATE, 1 / (seen + 1)) * (value - before);
  visits[slot] = seen + 1;
}

/** By the hour of the week after it was seen twice, by the hour of the day until then; NaN on the first day. */
function usualAt({ byWeek, byDay, visits, dayVisits }: CostWatch, hour: number): number {
  const week = hour % WEEK_HOURS;
  const day = hour % DAY_HOURS;
  if ((visits[week] ?? 0) >= 2) return byWeek[week] ?? NaN;
  return (dayVisits[day] ?? 0) >= 1 ? (byDay[day] ?? NaN) : NaN;
}
