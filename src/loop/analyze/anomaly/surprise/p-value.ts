import type { Severity } from '../anomaly.ts';

/** −log₁₀ of a p-value of 1e-12: beyond it the tail's shape, not the data, speaks. */
export const LARGEST_SURPRISE = 12;

/** p-value of a surprise, which is −log₁₀ p. Unknown stays unknown. */
export function pValueOf(surprise: number): number {
  return 10 ** -surprise;
}

/** Of a finding: p-values of at most 1e-4 and 1e-3 are High and Medium. */
export function severityOf(surprise: number): Severity {
  if (surprise >= 4) return 'High';
  return surprise >= 3 ? 'Medium' : 'Low';
}
