/** How rare something is: at most 1 in 100, in 1,000, in 10,000. */
export type Severity = 'Low' | 'Medium' | 'High';

/** p-value of a surprise, which is −log₁₀ p. Unknown stays unknown. */
export function pValueOf(surprise: number): number {
  return 10 ** -surprise;
}

/** @param p chance, in 0…1, of something at least as strange on a normal day; undefined when it is not rare or NaN. */
export function severityOf(p: number): Severity | undefined {
  if (p <= 1e-4) return 'High';
  if (p <= 1e-3) return 'Medium';
  if (p <= 1e-2) return 'Low';
  return undefined;
}
