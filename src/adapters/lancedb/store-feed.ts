import { exportBatches, type ExportBatch, type ExportSource } from './export-batches.ts';
import type { FeatureBuffer } from './feature-buffer.ts';
import type { StoreLimits } from './limits.ts';
import { rowsIn } from './row-batch.ts';
import type { StoreChild } from './store-child.ts';
import { StoreError } from './store-error.ts';
import type { TableName } from './table-definitions.ts';
import type { TableSize } from './tables.ts';

export interface StoreFeedOptions {
  readonly journal: ExportSource;
  readonly child: StoreChild;
  readonly features: FeatureBuffer;
  readonly limits: StoreLimits;
  readonly now: () => number;
  readonly deadlineMs: number;
  readonly recycleCommits: number;
  readonly maintenanceMs: number;
  readonly keepVersionsMs: number;
  readonly onRefused: (message: string) => void;
  readonly onEmptied: (tables: readonly TableName[]) => void;
}

/** Counted since the start. */
export interface FeedCounts {
  readonly storedRows: number;
  readonly storedFeatures: number;
  /** Journal records that are no rows. */
  readonly refusedRows: number;
  readonly commits: number;
  /** Times the tables were created or repaired, and filled from the journal. */
  readonly rebuilds: number;
}

/** Compacting or scanning a large or long neglected table takes half a minute and more. */
const LONG_DEADLINE_MS = 300_000;

/** A batch takes milliseconds; a process that needs longer to end than this is stuck. */
export const STOP_DEADLINE_MS = 5_000;

/** A scan of 150 small files takes ten times as long as of one; joining 20 takes a tenth of a second. */
const MAINTENANCE_FRAGMENTS = 20;

/** Joining two million rows of features takes some 240 MB: it is begun by a process that has hardly grown. */
const COMPACT_BELOW_BYTES = 160 << 20;

const START = { segment: 0, offset: 0 };

/** Carries rows to the store's process, and mends the store where it is broken. One `run` at a time. */
export class StoreFeed {
  readonly #options: StoreFeedOptions;
  /** Until the first complete export after a failure, rows may be in the store already. */
  #mayRepeat = true;
  #suspect = false;
  #maintainedAt = -Infinity;
  #closed = false;
  #counts = { storedRows: 0, storedFeatures: 0, refusedRows: 0, commits: 0, rebuilds: 0 };
  #sizes: Readonly<Record<TableName, TableSize>> | undefined;

  constructor(options: StoreFeedOptions) {
    this.#options = options;
  }

  get counts(): FeedCounts {
    return this.#counts;
  }

  /** At the last maintenance; undefined before the first. */
  get sizes(): Readonly<Record<TableName, TableSize>> | undefined {
    return this.#sizes;
  }

  /** Something could not be read: the next run looks at everything. */
  suspect(): void {
    this.#suspect = true;
  }

  /** No further batch is begun. */
  close(): void {
    this.#closed = true;
  }

  /**
   * Stores what the journal and the buffer have. `exported` is told when the journal's part is done.
   * @throws StoreError, or the journal's error; all that is not stored stays where it is.
   */
  async run(exported: () => void): Promise<void> {
    try {
      await this.#runOnce(exported).catch((error: unknown) => this.#repair(error, exported));
      this.#mayRepeat = false;
    } catch (error) {
      this.#mayRepeat = true;
      throw error;
    }
  }

  async #runOnce(exported: () => void): Promise<void> {
    const { child, journal, deadlineMs } = this.#options;
    await child.request({ op: 'open', versions: journal.exportedVersions }, deadlineMs);
    if (this.#suspect) await this.#verify();
    for await (const batch of exportBatches(journal, journal.exportedThrough)) await this.#store(batch);
    exported();
    await this.#storeFeatures();
    if (Date.now() - this.#maintainedAt >= this.#options.maintenanceMs) await this.#maintain();
  }

  async #verify(): Promise<void> {
    const { child, journal } = this.#options;
    const { corrupt } = await child.request({ op: 'verify' }, LONG_DEADLINE_MS);
    this.#suspect = false;
    if (corrupt === 0) return;
    this.#mayRepeat = true;
    await journal.append({ kind: 'Exported', through: START });
    this.#counts.rebuilds += 1;
  }

  async #repair(error: unknown, exported: () => void): Promise<void> {
    if (!(error instanceof StoreError) || error.reason !== 'NeedsRepair') throw error;
    const { child, journal } = this.#options;
    this.#mayRepeat = true;
    this.#suspect = false;
    // The cursor first, durably: a crash before the repair then costs a second look and no row.
    await journal.append({ kind: 'Exported', through: START });
    const { emptied } = await child.request({ op: 'repair', now: Date.now() }, LONG_DEADLINE_MS);
    this.#counts.rebuilds += 1;
    await this.#runOnce(exported);
    if (emptied.length > 0) this.#options.onEmptied(emptied);
  }

  async #store({ rows, forget, refused, through }: ExportBatch): Promise<void> {
    this.#mayGoOn();
    const { child, journal, deadlineMs } = this.#options;
    const count = rowsIn(rows);
    let versions = journal.exportedVersions;
    if (count > 0) {
      const skipExisting = this.#mayRepeat;
      const appended = await child.request({ op: 'append', batch: rows, skipExisting }, deadlineMs);
      versions = appended.versions;
      await this.#committed(appended.fragments);
    }
    if (forget !== undefined) {
      const { at, namespace, policyUid } = forget;
      const whom = {
        at,
        ...(namespace !== undefined && { namespace }),
        ...(policyUid !== undefined && { policyUid }),
      };
      await child.request({ op: 'forget', whom }, LONG_DEADLINE_MS);
    }
    await journal.append({ kind: 'Exported', through, versions });
    this.#counts.storedRows += count;
    this.#counts.refusedRows += refused.length;
    for (const message of refused) this.#options.onRefused(message);
  }

  async #storeFeatures(): Promise<void> {
    const { child, features, deadlineMs } = this.#options;
    // What comes meanwhile waits for the next run: many small commits cost more than few large ones.
    const enough = this.#counts.storedFeatures + features.rows;
    while (features.rows > 0 && this.#counts.storedFeatures < enough) {
      this.#mayGoOn();
      const { fragments } = await child.request(
        { op: 'appendFeatures', batches: features.next() },
        deadlineMs,
      );
      this.#counts.storedFeatures += features.taken();
      await this.#committed(fragments);
    }
  }

  async #committed(fragments: number): Promise<void> {
    this.#counts.commits += 1;
    if (fragments >= MAINTENANCE_FRAGMENTS) await this.#maintain();
    if (this.#counts.commits % this.#options.recycleCommits === 0)
      await this.#options.child.stop(STOP_DEADLINE_MS);
  }

  async #maintain(): Promise<void> {
    const { child, limits, keepVersionsMs, now } = this.#options;
    if (child.residentBytes > COMPACT_BELOW_BYTES) await child.stop(STOP_DEADLINE_MS);
    this.#sizes = await child.request(
      { op: 'maintain', limits, now: now(), keepVersionsMs },
      LONG_DEADLINE_MS,
    );
    this.#maintainedAt = Date.now();
  }

  #mayGoOn(): void {
    if (this.#closed) throw new StoreError('NotOpened', 'the store is closed');
  }
}
