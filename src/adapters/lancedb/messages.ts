import type { DecisionQuery, RecordedDecisions } from './decision-query.ts';
import type { FeatureBatch } from './feature-batch.ts';
import type { FeatureLabels, FeaturesAsOf } from './feature-join.ts';
import type { StoreLimits } from './limits.ts';
import type { Forget } from './maintenance.ts';
import type { RowBatch } from './row-batch.ts';
import type { FoundRows, RowQuery } from './row-query.ts';
import type { FoundSituations } from './situation-load.ts';
import type { StoreFailure } from './store-error.ts';
import type { RowTableName, RowTables, TableName } from './table-definitions.ts';
import type { TableSize } from './tables.ts';

/** What the operator asks of the store's process. One request is worked on at a time, in order. */
export type StoreRequest =
  /** Opens the tables if they are not open, as every other request does, and looks whether they are what they were. */
  | { readonly op: 'open'; readonly versions: Readonly<Record<string, number>> }
  /** Reads everything once. */
  | { readonly op: 'verify' }
  | { readonly op: 'repair'; readonly now: number }
  | { readonly op: 'append'; readonly batch: RowBatch; readonly skipExisting: boolean }
  | { readonly op: 'appendFeatures'; readonly batches: readonly FeatureBatch[] }
  | { readonly op: 'forget'; readonly whom: Forget }
  | {
      readonly op: 'maintain';
      readonly limits: StoreLimits;
      readonly now: number;
      readonly keepVersionsMs: number;
    }
  | { readonly op: 'sizes' }
  | { readonly op: 'query'; readonly query: DecisionQuery }
  | { readonly op: 'rows'; readonly table: RowTableName; readonly query: RowQuery }
  | { readonly op: 'situations'; readonly limit: number }
  | { readonly op: 'featuresAsOf'; readonly labels: FeatureLabels };

/** `fragments`: data files of the table that has most. */
interface Appended {
  readonly fragments: number;
}

type Sizes = Readonly<Record<TableName, TableSize>>;

export interface StoreResults {
  readonly open: null;
  /** `corrupt`: rows that were deleted for their wrong checksum. */
  readonly verify: { readonly corrupt: number };
  /** The tables of which nothing was left. */
  readonly repair: { readonly emptied: readonly TableName[] };
  readonly append: Appended & { readonly versions: Readonly<Record<string, number>> };
  readonly appendFeatures: Appended;
  readonly forget: null;
  readonly maintain: Sizes;
  readonly sizes: Sizes;
  readonly query: RecordedDecisions;
  readonly rows: FoundRows<RowTables[RowTableName]>;
  readonly situations: FoundSituations;
  readonly featuresAsOf: FeaturesAsOf;
}

export interface RequestMessage {
  readonly id: number;
  readonly request: StoreRequest;
}

/** `residentBytes`: memory of the store's process after it answered. */
export type ReplyMessage = { readonly id: number; readonly residentBytes: number } & (
  | { readonly result: StoreResults[keyof StoreResults] }
  | { readonly failure: StoreFailure; readonly message: string }
);
