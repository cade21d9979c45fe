/** Beyond it the tail is below 1e-9. */
const FAR = 6;

/**
 * Distribution function of the standard normal distribution; absolute error below 1e-7 (Abramowitz and Stegun, Handbook of
 * Mathematical Functions, 26.2.17).
 */
export function normalCdf(x: number): number {
  if (x >= FAR) return 1;
  if (x <= -FAR) return 0;
  const z = Math.abs(x);
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (series * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI);
  return x > 0 ? 1 - tail : tail;
}

const PER_UNIT = 64;
const TABLE = Float64Array.from({ length: 2 * FAR * PER_UNIT + 2 }, (_, i) => normalCdf(i / PER_UNIT - FAR));

/** As `normalCdf`, between the entries of a table: absolute error below 1e-5, in a fifth of the time. */
export function quickNormalCdf(x: number): number {
  if (x >= FAR) return 1;
  if (!(x > -FAR)) return 0;
  const place = (x + FAR) * PER_UNIT;
  const index = Math.trunc(place);
  const low = TABLE[index] ?? 0;
  return low + (place - index) * ((TABLE[index + 1] ?? 1) - low);
}
