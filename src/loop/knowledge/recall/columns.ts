import { EMBEDDING_DIMENSIONS } from '../situation.ts';

/** Dimensions that are looked at first, and lie together in memory: 64 bytes, one line of a processor's cache. */
export const HEAD = 16;
export const TAIL = EMBEDDING_DIMENSIONS - HEAD;

/** What is kept of the real outcome of a window, in this order; NaN where it was not measured. */
export const OUTCOMES = ['violatedShare', 'badShare', 'costOverOracle', 'rollbacks', 'restarts'] as const;

/** A row for each situation: `4 × (64 + 2 × arms + 5) + 38` bytes. */
export interface Columns {
  /** Rows that there is room for. */
  readonly room: number;
  /** The first `HEAD` dimensions of each row, then the others. */
  readonly heads: Float32Array;
  readonly tails: Float32Array;
  /** Beginning and end of the window, ms since the epoch. */
  readonly at: Float64Array;
  readonly endsAt: Float64Array;
  /** Place of the policy and workload among the owners. */
  readonly owner: Int32Array;
  /** Place of the row among its owner's. */
  readonly slot: Int32Array;
  /** By arm: cost and share of violated time; NaN for an arm that was not replayed. */
  readonly costs: Float32Array;
  readonly violated: Float32Array;
  /** Replicas at the beginning, at the end, and the most. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly peak: Int32Array;
  /** `OUTCOMES` of each row. */
  readonly outcomes: Float32Array;
  /** 1 it succeeded, 0 it did not, −1 it cannot be judged. */
  readonly succeeded: Int8Array;
  /** Bit i: censored for the reason i. */
  readonly censored: Uint8Array;
}

export function createColumns(room: number, arms: number): Columns {
  return {
    room,
    heads: new Float32Array(room * HEAD),
    tails: new Float32Array(room * TAIL),
    at: new Float64Array(room),
    endsAt: new Float64Array(room),
    owner: new Int32Array(room),
    slot: new Int32Array(room),
    costs: new Float32Array(room * arms),
    violated: new Float32Array(room * arms),
    from: new Int32Array(room),
    to: new Int32Array(room),
    peak: new Int32Array(room),
    outcomes: new Float32Array(room * OUTCOMES.length),
    succeeded: new Int8Array(room),
    censored: new Uint8Array(room),
  };
}

type Column = Exclude<Columns[keyof Columns], number>;

function columnsOf({ room, ...columns }: Columns): readonly Column[] {
  return Object.values(columns);
}

/** Copies the first rows of `source` to `target`, which has room for them. */
export function copyRows(target: Columns, source: Columns): void {
  const into = columnsOf(target);
  for (const [index, column] of columnsOf(source).entries()) into[index]?.set(column);
}

/** Overwrites one row with another. */
export function moveRow(columns: Columns, from: number, to: number): void {
  for (const column of columnsOf(columns)) {
    const width = column.length / columns.room;
    column.copyWithin(to * width, from * width, (from + 1) * width);
  }
}
