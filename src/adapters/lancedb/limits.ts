import type { TableName } from './table-definitions.ts';

/** What a table may hold; whatever is older or more goes at the next maintenance. */
export interface TableLimits {
  /** Null: however old. */
  readonly maxAgeMs: number | null;
  readonly maxRows: number;
}

export type StoreLimits = Readonly<Record<TableName, TableLimits>>;

const DAY = 86_400_000;

/** At most some 1.2 GB: 2 kB for a decision or situation, 100 bytes for a row of features. */
export const DEFAULT_LIMITS: StoreLimits = {
  decisions: { maxAgeMs: 90 * DAY, maxRows: 200_000 },
  rewards: { maxAgeMs: 90 * DAY, maxRows: 200_000 },
  outcomes: { maxAgeMs: 90 * DAY, maxRows: 200_000 },
  // As many as the hot index in memory has room for.
  situations: { maxAgeMs: null, maxRows: 50_000 },
  anomalies: { maxAgeMs: 365 * DAY, maxRows: 50_000 },
  documents: { maxAgeMs: null, maxRows: 10_000 },
  // A week of two hundred workloads; what is older comes from Prometheus again.
  features: { maxAgeMs: 7 * DAY, maxRows: 2_000_000 },
};
