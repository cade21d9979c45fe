import type { MissingReason, Reading } from '../monitor/reading.ts';

/**
 * Why a metric cannot speak. `InvalidTarget`: its target is not a positive number. `NoCapacity`: what one replica can
 * carry is not known.
 */
type UnusableReason = MissingReason | 'Stale' | 'InvalidTarget' | 'NoCapacity';

/** What one metric asks for, or why it asks for nothing. */
export type MetricResult = UsableMetric | UnusableMetric;

export interface UsableMetric {
  readonly usable: true;
  /** Integer, 0 … 2^31-1. */
  readonly replicas: number;
  /** Measured ÷ target, before any correction for missing and unready pods; 1 is exactly on target. */
  readonly ratio: number;
  /** Measured mean of one replica: cores, bytes, or the query's unit. */
  readonly averageValue: number;
  /** Measured share of the requests in whole percent, for utilisation targets. */
  readonly utilizationPercent?: number;
  /** Ready pods with a fresh reading ÷ ready pods, 0 … 1; 1 for metrics that are not per pod. */
  readonly coverage: number;
  /** The arithmetic in words with its numbers: "ceil(3 × 50 % ÷ 30 %) = 5". */
  readonly detail: string;
}

export interface UnusableMetric {
  readonly usable: false;
  readonly reason: UnusableReason;
  readonly message: string;
  readonly coverage: number;
}

export function unusable(reason: UnusableReason, message: string, coverage = 0): UnusableMetric {
  return { usable: false, reason, message, coverage };
}

/** A reading that is not fresh, as a metric that cannot speak. */
export function unusableReading(reading: Exclude<Reading, { quality: 'Fresh' }>): UnusableMetric {
  if (reading.quality === 'Missing') return unusable(reading.reason, reading.message);
  return unusable('Stale', `the last sample is of ${new Date(reading.at).toISOString()}`);
}
