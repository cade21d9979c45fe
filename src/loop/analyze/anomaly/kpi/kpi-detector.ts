import { createTailCalibrator, surprise, type TailCalibrator } from '../surprise/tail-calibrator.ts';
import { createResidualExperts, observeResidual, type ResidualExperts } from './residual-experts.ts';

/**
 * Alarms on one indicator of a service. Two rates of experts, one that follows within two points and one within one; of
 * three points in a row the mean of what surprised even the best; how rare that is among 14 days of its own.
 */
export interface KpiDetector {
  readonly experts: ResidualExperts;
  readonly calibrator: TailCalibrator;
  /** Of the last three points, oldest replaced first: signed surprise in scales, and the value expected. */
  readonly recent: Float64Array;
  readonly expectations: Float64Array;
  /** Points seen. */
  count: number;
}

/** `Full` keeps a value for each point of a day and a week; `Light` five minutes of a day and hours of a week, for fleets. */
export type KpiTier = 'Full' | 'Light';

export interface KpiDetectorOptions {
  /** Seconds from one point to the next: 1 to 3,600, a part of a day. */
  readonly stepSeconds: number;
  readonly tier: KpiTier;
  /**
   * Rare points count a tenth in what is usual, so that anomalies which nobody reported do not hide the next: more is
   * found in series that have some every day, less where they are weeks apart, and p-values are 10 to 40 times too small
   * at 1e-4. Without it they are right within about a factor of 2.
   */
  readonly robust?: boolean;
}

const DAY_SECONDS = 86_400;
const LONGEST_STEP = 3600;
const RATES = [0.3, 0.6];
const REMEMBERED_DAYS = 14;
const POINTS = 3;
/** Where a jump of both signs still has a size that single precision holds. */
const LARGEST_VALUE = 1e30;

/**
 * The light one keeps five minutes of a day and hours of a week. A quarter of an hour and eight parts of a day would do
 * with 3 KB instead of 4.5, and found a tenth less at half a false alarm a week.
 */
const TIERS = {
  Full: { dayCells: Infinity, weekCells: Infinity, parts: 24, sharedProfiles: false },
  Light: { dayCells: 288, weekCells: 168, parts: 24, sharedProfiles: true },
} as const;

/** @throws RangeError when `stepSeconds` is not a part of a day between a second and an hour. */
export function createKpiDetector({ stepSeconds, tier, robust = false }: KpiDetectorOptions): KpiDetector {
  const dayPoints = DAY_SECONDS / stepSeconds;
  if (!(stepSeconds >= 1 && stepSeconds <= LONGEST_STEP) || !Number.isInteger(dayPoints)) {
    throw new RangeError(
      `stepSeconds is ${stepSeconds}; it must be between 1 and ${LONGEST_STEP} and divide a day, as 15, 60 or 300`,
    );
  }
  return {
    experts: createResidualExperts({ rates: RATES, dayPoints, ...TIERS[tier] }),
    calibrator: createTailCalibrator({ effectiveSamples: REMEMBERED_DAYS * dayPoints, robust }),
    recent: new Float64Array(POINTS),
    expectations: new Float64Array(POINTS).fill(NaN),
    count: 0,
  };
}

/**
 * −log₁₀ of the chance of the last three points on a usual day, in 0…12; then learns the last of them. What is not
 * finite is not known: nothing is learnt, NaN is the answer.
 * @param slot Time of the point since the epoch ÷ `stepSeconds`, rounded down.
 */
export function observeKpi(detector: KpiDetector, value: number, slot: number): number {
  if (!Number.isFinite(value)) return NaN;
  const { experts, calibrator, recent, expectations } = detector;
  observeResidual(experts, Math.min(LARGEST_VALUE, Math.max(-LARGEST_VALUE, value)), slot);
  const place = detector.count % POINTS;
  recent[place] = experts.z;
  expectations[place] = experts.expected;
  detector.count += 1;
  return surprise(calibrator, Math.abs(kpiDeviation(detector)));
}

/** Mean surprise of the last three points in usual errors; above 0 they were higher than expected. 0 before any. */
export function kpiDeviation({ recent, count }: KpiDetector): number {
  const sum = (recent[0] ?? 0) + (recent[1] ?? 0) + (recent[2] ?? 0);
  return sum / Math.min(POINTS, Math.max(1, count));
}

/**
 * What was expected of the oldest of the last three points: of the newest, the level has followed the first two by then,
 * and an alarm that compares with that would play down what it is about. NaN before any point.
 */
export function kpiExpected({ expectations, count }: KpiDetector): number {
  return expectations[count < POINTS ? 0 : count % POINTS] ?? NaN;
}
