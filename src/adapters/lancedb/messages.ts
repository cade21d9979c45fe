import type { DecisionQuery, RecordedDecisions } from './decision-query.ts';
import type { RowBatch } from './rows.ts';
import type { StoreFailure } from './store-error.ts';

/** What the operator asks of the store's process. One request is worked on at a time, in order. */
export type StoreRequest =
  /** Opens the tables if they are not open; every other request does so as well. */
  | { readonly op: 'open' }
  | { readonly op: 'repair'; readonly now: number }
  | { readonly op: 'append'; readonly batch: RowBatch; readonly skipExisting: boolean }
  | { readonly op: 'optimize'; readonly now: number }
  | { readonly op: 'query'; readonly query: DecisionQuery };

export interface StoreResults {
  readonly open: null;
  readonly repair: null;
  /** `fragments`: data files of the table that has most. */
  readonly append: { readonly fragments: number };
  readonly optimize: null;
  readonly query: RecordedDecisions;
}

export interface RequestMessage {
  readonly id: number;
  readonly request: StoreRequest;
}

export type ReplyMessage =
  | { readonly id: number; readonly result: StoreResults[keyof StoreResults] }
  | { readonly id: number; readonly failure: StoreFailure; readonly message: string };
