/**
 * Integer arithmetic of replicas that saturates: an absurd load maps to "very many" and never wraps round to
 * few (kubernetes#126892: an int32 overflow scaled to the minimum during extreme overload).
 */

/** Largest value of the API's int32 `replicas`. */
export const MAX_REPLICAS = 2_147_483_647;

/** 2^63: where the API's int64 milli-quantities end; a double holds the sum of any number of pods above it. */
const MAX_MILLI = 2 ** 63;

/** Covers the rounding of a decimal's conversion and of one multiplication or division, 2^-53 each. */
const ROUNDING = 2 ** -51;

/**
 * The least integer not below `value`, within 0 … 2^31-1; +∞ is 2^31-1. Rounding noise does not count:
 * 0.9 ÷ 0.3 is 3.0000000000000004 in doubles, and asks for 3.
 * @throws RangeError for NaN, which no finite reading and positive target can give.
 */
export function saturatingCeil(value: number): number {
  if (Number.isNaN(value)) throw new RangeError('replicas cannot be computed from NaN');
  if (value <= 0) return 0;
  return value >= MAX_REPLICAS ? MAX_REPLICAS : Math.max(1, Math.ceil(value * (1 - ROUNDING)));
}

/** Cores or bytes in thousandths, rounded up (as resource.Quantity's MilliValue) and saturating at 2^63. */
export function toMilli(value: number): number {
  return Math.max(0, Math.min(MAX_MILLI, Math.ceil(value * 1000 * (1 - ROUNDING))));
}

/** Relative dead band round the target, by direction: 0.1 is 10 %. */
export interface Tolerance {
  readonly up: number;
  readonly down: number;
}

/** Both ends belong to the band (replica_calculator.go, Tolerances.isWithin). */
export function withinTolerance(ratio: number, { up, down }: Tolerance): boolean {
  return 1 - Math.max(0, down) <= ratio && ratio <= 1 + Math.max(0, up);
}

/** "Above target" may never mean fewer replicas, nor "below target" more. */
export function keepDirection(ratio: number, wanted: number, current: number): number {
  if (ratio > 1) return Math.max(wanted, current);
  return ratio < 1 ? Math.min(wanted, current) : current;
}
