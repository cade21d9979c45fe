import { FeatureBatchBuilder, type FeatureBatch, type FeatureRow } from './feature-batch.ts';

/** Rows in one block: what is dropped at a time, and 300 kB. */
export const BLOCK_ROWS = 4096;

/** Blocks in one commit: copying 2.4 MB to the other process holds the event loop up for some milliseconds. */
const BLOCKS_PER_COMMIT = 8;

/** Rows to be deleted with their owner. */
export interface ForgottenFeatures {
  readonly at: number;
  readonly namespace?: string;
  readonly policyUid?: string;
}

/**
 * Features on their way to the store: in memory only, and bounded. When the store is away for too long the
 * oldest go first; they come again from Prometheus.
 */
export class FeatureBuffer {
  readonly #capacity: number;
  #sealed: FeatureBatch[] = [];
  #open = new FeatureBatchBuilder(BLOCK_ROWS);
  #taken = 0;
  #rows = 0;
  #dropped = 0;

  /** @param capacity rows; at least one block is kept. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Rows that were never stored, since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** @throws RangeError naming the row when it is none. */
  add(row: FeatureRow): void {
    this.#open.add(row);
    this.#rows += 1;
    if (this.#open.full) this.#seal();
    while (this.#rows > this.#capacity && this.#sealed.length > 0) this.#dropOldest();
  }

  /** The oldest rows, for one commit; they stay until `taken`. None when there are none. */
  next(): readonly FeatureBatch[] {
    if (this.#sealed.length < BLOCKS_PER_COMMIT && this.#open.length > 0) this.#seal();
    const batches = this.#sealed.slice(0, BLOCKS_PER_COMMIT);
    this.#taken = batches.length;
    return batches;
  }

  /** What `next` gave is stored. Returns the rows. */
  taken(): number {
    const stored = this.#sealed.splice(0, this.#taken).reduce((sum, { at }) => sum + at.length, 0);
    this.#taken = 0;
    this.#rows -= stored;
    return stored;
  }

  /** Leaves out the rows of a namespace or a policy up to a time. */
  forget({ at, namespace, policyUid }: ForgottenFeatures): void {
    if (this.#open.length > 0) this.#seal();
    const blocks = this.#sealed;
    this.#sealed = [];
    this.#rows = 0;
    this.#taken = 0;
    for (const block of blocks) {
      for (let i = 0; i < block.at.length; i += 1) {
        const row = rowOf(block, i);
        const concerned = row.policy.namespace === namespace || row.policy.uid === policyUid;
        if (!concerned || row.at > at) this.add(row);
      }
    }
  }

  #seal(): void {
    const { policies, policy, at, values, schemaHash } = this.#open.batch();
    // Copies, when there are few: a block has room for 4096.
    const whole = this.#open.full;
    this.#sealed.push(
      whole
        ? { schemaHash, policies, policy, at, values }
        : { schemaHash, policies, policy: policy.slice(), at: at.slice(), values: values.slice() },
    );
    this.#open = new FeatureBatchBuilder(BLOCK_ROWS);
  }

  #dropOldest(): void {
    const oldest = this.#sealed.shift();
    if (oldest === undefined) return;
    if (this.#taken > 0) this.#taken -= 1;
    this.#rows -= oldest.at.length;
    this.#dropped += oldest.at.length;
  }
}

function rowOf(block: FeatureBatch, index: number): FeatureRow {
  const width = block.values.length / block.at.length;
  const policy = block.policies[block.policy[index] ?? 0];
  if (policy === undefined) throw new RangeError(`features have no policy ${block.policy[index]}`);
  return {
    policy,
    at: block.at[index] ?? NaN,
    values: block.values.subarray(index * width, (index + 1) * width),
  };
}
