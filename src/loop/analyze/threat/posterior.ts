/** Share of what is tested that is not chance, before anything was seen: one interval in a hundred of a source. */
const PRIOR = 0.01;

/**
 * Chance that something with this p-value is not chance, at most: −e · p · ln p bounds the Bayes factor in favour of
 * chance from below (Sellke, Bayarri & Berger 2001, "Calibration of p values for testing precise null hypotheses").
 * 0.0 for p ≥ 1/e, 0.35 at 1e-3, 0.80 at 1e-4, 0.99 at 3e-6.
 */
export function posteriorOf(p: number): number {
  if (!(p < 1 / Math.E)) return 0;
  if (p <= 0) return 1;
  const factor = -Math.E * p * Math.log(p);
  return 1 / (1 + (factor * (1 - PRIOR)) / PRIOR);
}
