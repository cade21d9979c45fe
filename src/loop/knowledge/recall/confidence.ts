import { SIMILAR_DISTANCE } from './kernel.ts';

export type ConfidenceBand = 'None' | 'Low' | 'Medium' | 'High';

/** How much the past says about a situation: 0 … 1, and in a word. */
export interface RecallConfidence {
  readonly score: number;
  readonly band: ConfidenceBand;
}

/** What confidence is made of. */
export interface RecallGrounds {
  /** Effective number of neighbours. */
  readonly effective: number;
  /** Their mean distance, weighted. */
  readonly distance: number;
  /** Mean and variance of the loss of the arm that did best among them; NaN where no arm was replayed. */
  readonly mean: number;
  readonly variance: number;
}

/** Ten neighbours say half of what any number of them could. */
const HALF_SIZE = 10;
/** Fewer are anecdotes. */
const LEAST_SIZE = 3;
/**
 * On the development traces, with a penalty of 20, the arm that memory took was 0.06 worse than the best of its window
 * where confidence was high, 0.16 where it was medium and 0.37 where it was low: a tenth, a half and two fifths of all.
 */
const BANDS = [
  ['High', 0.5],
  ['Medium', 0.25],
] as const;

/**
 * The product of three shares: of the size n ÷ (n + 10), of nearness 1 ÷ (1 + (d ÷ similar)²), and of agreement
 * 1 ÷ (1 + s), where s is the standard deviation of the loss ÷ its mean. Each alone can take confidence away.
 */
export function confidenceOf({ effective, distance, mean, variance }: RecallGrounds): RecallConfidence {
  const spread = Math.sqrt(variance) / mean;
  if (!(effective >= LEAST_SIZE) || !(mean > 0) || Number.isNaN(spread)) return { score: 0, band: 'None' };
  const size = effective / (effective + HALF_SIZE);
  const nearness = 1 / (1 + (distance / SIMILAR_DISTANCE) ** 2);
  const score = (size * nearness) / (1 + spread);
  return { score, band: BANDS.find(([, least]) => score >= least)?.[0] ?? 'Low' };
}
