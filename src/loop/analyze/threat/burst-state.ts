import type { Counter, SourceCount } from './audit-tally.ts';
import type { RateTable } from './rate-table.ts';

/** A burst that is not over. Times in ms since the epoch. */
export interface Burst {
  readonly counter: Counter;
  readonly source: string;
  readonly since: number;
  seenAt: number;
  /** It has lasted until it is usual. */
  isUsual: boolean;
  /** The smallest chance, and what was counted then. */
  p: number;
  count: number;
  readonly expected: number;
  readonly seen: SourceCount;
}

/** What is usual for each source, and what is not over. */
export interface BurstState {
  intervals: number;
  readonly tables: Map<Counter, RateTable>;
  /** Sources that were strange in the last interval. */
  suspects: Map<string, number>;
  readonly open: Map<string, Burst>;
}
