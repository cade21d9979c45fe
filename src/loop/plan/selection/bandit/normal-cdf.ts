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
