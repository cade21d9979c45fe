import { short } from '../../short.ts';

/**
 * `score = 0.5 × successRate + 0.3 × priority + 0.2 × recency`: needs no training and no replay, works with any policies, and
 * everybody can follow it. What decides when nothing better knows, and between those that are alike.
 */
export const RANK_WEIGHTS = { successRate: 0.5, priority: 0.3, recency: 0.2 } as const;

/** After a day without use a policy's recency is 1 ÷ e. */
export const RECENCY_MS = 86_400_000;

/** What is known of one policy. */
export interface RankedRecord {
  readonly successes: number;
  readonly failures: number;
  /** 0 … 1, as the user says; 1 is the most important. */
  readonly priority: number;
  /** When it was last used, ms since the epoch; undefined or NaN where it never was. */
  readonly usedAt: number | undefined;
}

/** A score with its terms, each 0 … 1 before its weight. */
export interface RankedScore {
  readonly score: number;
  readonly successRate: number;
  readonly priority: number;
  readonly recency: number;
}

/**
 * Success is smoothed as if there had been one more success and one more failure (Laplace's rule; the mean under Beta(1, 1)).
 * A policy of a clock that has stepped back was used just now. A record that is no number counts as one of which nothing is
 * known: 0.5, 0 and 0.
 */
export function rankedScore(
  { successes, failures, priority, usedAt }: RankedRecord,
  now: number,
): RankedScore {
  const judged = successes >= 0 && failures >= 0 && successes + failures < Infinity;
  const successRate = judged ? (successes + 1) / (successes + failures + 2) : 0.5;
  const stated = priority >= 0 ? Math.min(1, priority) : 0;
  const age = Math.max(0, now - (usedAt ?? NaN));
  const recency = Number.isNaN(age) ? 0 : Math.exp(-age / RECENCY_MS);
  const score =
    RANK_WEIGHTS.successRate * successRate + RANK_WEIGHTS.priority * stated + RANK_WEIGHTS.recency * recency;
  return { score, successRate, priority: stated, recency };
}

/** Places of the records, the best first; of equal ones the first stays first. */
export function rankPolicies(records: readonly RankedRecord[], now: number): readonly number[] {
  const scores = Float64Array.from(records, (record) => rankedScore(record, now).score);
  const places = records.map((_, place) => place);
  return places.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
}

/** Term by term, so that it can be added up by hand. */
export function rankedText({ score, successRate, priority, recency }: RankedScore): string {
  const { successRate: success, priority: stated, recency: recent } = RANK_WEIGHTS;
  return (
    `${success} × success rate ${short(successRate)} + ${stated} × priority ${short(priority)} + ` +
    `${recent} × recency ${short(recency)} = ${short(score)}`
  );
}
