/**
 * The only number the actuator accepts as replicas.
 *
 * `Math.min(Math.max(NaN, 1), 10)` is NaN, and `JSON.stringify` turns NaN into null, which the API server
 * defaults to 1: a clamp alone does not protect. A value of this type has been checked, not clamped.
 */
export type ReplicaCount = number & { readonly __brand: 'ReplicaCount' };

/** Largest value of the API's int32 field. */
const MAX_INT32 = 2_147_483_647;

/**
 * Checks `value` and brands it.
 * @throws RangeError when it is not an integer within 0 … 2^31-1.
 */
export function replicaCount(value: number): ReplicaCount {
  if (!Number.isInteger(value) || value < 0 || value > MAX_INT32) {
    throw new RangeError(`replicas must be an integer between 0 and ${MAX_INT32}, found ${value}`);
  }
  return value as ReplicaCount;
}
