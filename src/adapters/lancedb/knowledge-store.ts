import type { JournalRecord } from '../../loop/execute/journal-record.ts';
import type { KnowledgeDocument } from '../../loop/knowledge/document.ts';
import type { EndedAnomaly } from '../../loop/knowledge/ended-anomaly.ts';
import type { DecisionQuery, RecordedDecisions } from './decision-query.ts';
import type { ExportSource } from './export-batches.ts';
import type { FeatureRow } from './feature-batch.ts';
import { FeatureBuffer } from './feature-buffer.ts';
import type { FeatureLabels, FeaturesAsOf } from './feature-join.ts';
import { DEFAULT_LIMITS, type StoreLimits } from './limits.ts';
import { anomalyOf, documentOf } from './memory-rows.ts';
import type { StoreRequest, StoreResults } from './messages.ts';
import type { StoreLocation } from './open-table.ts';
import type { FoundRows, RowQuery } from './row-query.ts';
import type { SituationColumns } from './situation-columns.ts';
import { StoreChild } from './store-child.ts';
import { StoreError, type StoreFailure } from './store-error.ts';
import { STOP_DEADLINE_MS, StoreFeed, type FeedCounts } from './store-feed.ts';
import type { RowTableName, RowTables, TableName } from './table-definitions.ts';
import type { TableSize } from './tables.ts';

export interface KnowledgeStoreOptions {
  readonly location: StoreLocation;
  readonly journal: ExportSource;
  /** Rows that are waiting are written when there are so many … Default 50. */
  readonly flushRows?: number;
  /** … or after this time. Default 30,000 ms. */
  readonly flushMs?: number;
  /** Rows of features that are kept in memory while the store is away. Default 200,000: 16 MB. */
  readonly featureRows?: number;
  /** What the tables may hold. */
  readonly limits?: StoreLimits;
  /** ms since the epoch; how old rows are is told by it. Default the system's clock. */
  readonly now?: () => number;
  /** Old rows and small files are looked after at least so often while there is something to write. Default 1 h. */
  readonly maintenanceMs?: number;
  /** Superseded versions of a table stay for so long, for readers that are in the middle of one. Default 10 min. */
  readonly keepVersionsMs?: number;
  /** The store's process ends when it had nothing to do for so long, and its memory with it. Default 10,000 ms. */
  readonly idleMs?: number;
  /** Commits after which the process is replaced: each leaks some 50 kB. Default 200. */
  readonly recycleCommits?: number;
  /** Memory after which the process is replaced. Default 256 MiB. */
  readonly maxResidentBytes?: number;
  /** A process that has not answered by then is killed. Default 30,000 ms. */
  readonly deadlineMs?: number;
  /** First pause after a failure; it doubles up to 64 times this. Default 5,000 ms. */
  readonly retryMs?: number;
  /** Told of every change of health, once. */
  readonly onHealth?: (health: StoreHealth) => void;
  /** Told of each journal record that is no row, with the reason; it is left out. */
  readonly onRefused?: (message: string) => void;
  /** Told which tables had to begin anew. All but `features` are then filled from the journal. */
  readonly onEmptied?: (tables: readonly TableName[]) => void;
}

/** Nothing in the loop depends on it: while Unavailable, decisions stay in the journal. */
export type StoreHealth =
  | { readonly state: 'Available' }
  | { readonly state: 'Unavailable'; readonly reason: StoreFailure; readonly message: string };

export interface StoreStatistics extends FeedCounts {
  /** Rows in the journal that are not known to be stored. */
  readonly waitingRows: number;
  readonly waitingFeatures: number;
  /** Rows of features that had to go before they were stored. */
  readonly droppedFeatures: number;
  readonly failures: number;
  readonly processStarts: number;
  /** At the last maintenance; undefined before the first. */
  readonly tables: Readonly<Record<TableName, TableSize>> | undefined;
}

/** Whose rows are to be deleted; at least one of the two. */
export interface Tenant {
  readonly namespace?: string;
  readonly policyUid?: string;
}

/** A commit of features at once, and not after `flushMs`. */
const FLUSH_FEATURES = 32_768;

/** As many documents as their table holds. */
const MAX_DOCUMENTS = 10_000;

const MAX_RETRY_FACTOR = 64;

/**
 * Carries what the operator decided and learned from the journal to LanceDB, and features from memory. The
 * journal is the queue: a record counts as stored once LanceDB took it, so nothing is lost when the store is
 * slow, away or wiped, and nothing piles up in memory. Rows arrive at least once; readers drop the second copies.
 */
export class KnowledgeStore {
  readonly #options: Required<Omit<KnowledgeStoreOptions, 'onHealth' | 'onRefused' | 'onEmptied'>>;
  readonly #onHealth: (health: StoreHealth) => void;
  readonly #child: StoreChild;
  readonly #features: FeatureBuffer;
  readonly #feed: StoreFeed;
  #health: StoreHealth = { state: 'Unavailable', reason: 'NotOpened', message: 'not opened yet' };
  #unsubscribe: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #run: Promise<boolean> | undefined;
  #waitingRows = 0;
  #retryFactor = 0;
  #failures = 0;
  #closed = false;

  constructor(options: KnowledgeStoreOptions) {
    const { onHealth, onRefused = ignore, onEmptied = ignore, ...rest } = options;
    this.#onHealth = onHealth ?? ignore;
    this.#options = {
      flushRows: 50,
      flushMs: 30_000,
      featureRows: 200_000,
      limits: DEFAULT_LIMITS,
      now: Date.now,
      maintenanceMs: 3_600_000,
      keepVersionsMs: 600_000,
      idleMs: 10_000,
      recycleCommits: 200,
      maxResidentBytes: 256 << 20,
      deadlineMs: 30_000,
      retryMs: 5_000,
      ...rest,
    };
    this.#child = new StoreChild(options.location, this.#options);
    this.#features = new FeatureBuffer(this.#options.featureRows);
    const parts = { child: this.#child, features: this.#features, onRefused, onEmptied };
    this.#feed = new StoreFeed({ ...this.#options, ...parts });
  }

  get health(): StoreHealth {
    return this.#health;
  }

  get statistics(): StoreStatistics {
    return {
      ...this.#feed.counts,
      waitingRows: this.#waitingRows,
      waitingFeatures: this.#features.rows,
      droppedFeatures: this.#features.dropped,
      failures: this.#failures,
      processStarts: this.#child.starts,
      tables: this.#feed.sizes,
    };
  }

  /** Of the store's process; undefined while there is none. */
  get childPid(): number | undefined {
    return this.#child.pid;
  }

  /** Begins to follow the journal, with what an earlier process left unexported. Returns at once. */
  start(): void {
    this.#unsubscribe = this.#options.journal.subscribe((record) => this.#noticed(record));
    void this.#runNow();
  }

  /**
   * Takes features to be stored with the next commit: kept in memory only, and each (policy, time) stored once.
   * @throws RangeError naming the row whose time or values are none.
   */
  appendFeatures(rows: Iterable<FeatureRow>): void {
    for (const row of rows) this.#features.add(row);
    if (this.#retryFactor === 0) this.#schedule();
  }

  /**
   * Reads back decisions with their outcomes.
   * @throws StoreError when the store does not answer in time or cannot be read; so do all that read.
   */
  query(query: DecisionQuery): Promise<RecordedDecisions> {
    return this.#ask({ op: 'query', query });
  }

  /** The newest situations, for the index in memory; `situationAt` takes one out. */
  situations(limit: number): Promise<SituationColumns> {
    return this.#ask({ op: 'situations', limit });
  }

  /** The newest rows of one table as they are stored. Outcomes know no namespace and no policy: `query` does. */
  async rows<T extends RowTableName>(table: T, query: RowQuery): Promise<FoundRows<RowTables[T]>> {
    return (await this.#ask({ op: 'rows', table, query })) as FoundRows<RowTables[T]>;
  }

  /** Anomalies that are over, the newest first. */
  async anomalies(query: RowQuery): Promise<readonly EndedAnomaly[]> {
    return (await this.rows('anomalies', query)).rows.map(anomalyOf);
  }

  /** All documents as they now are. */
  async documents(): Promise<readonly KnowledgeDocument[]> {
    const newest = new Map<string, KnowledgeDocument>();
    const { rows } = await this.rows('documents', { limit: MAX_DOCUMENTS });
    for (const row of rows) {
      if (!newest.has(row.document_id)) newest.set(row.document_id, documentOf(row));
    }
    return [...newest.values()].filter(({ removed }) => !removed);
  }

  /** What the features were at given times: the newest row of the policy at or before each. */
  featuresAsOf(labels: FeatureLabels): Promise<FeaturesAsOf> {
    return this.#ask({ op: 'featuresAsOf', labels });
  }

  /** Rows, files and bytes of each table, now. */
  sizes(): Promise<Readonly<Record<TableName, TableSize>>> {
    return this.#ask({ op: 'sizes' });
  }

  /**
   * Deletes everything of a namespace or a policy up to now, and the files that it was in. Durable at once: when
   * the store is away, or is rebuilt later, it is deleted then. Only the journal's own segments keep it until
   * they go by size. True when it is done, false when it will be.
   * @throws RangeError without a namespace or uid; the journal's error.
   */
  async deleteTenant({ namespace, policyUid }: Tenant, deadlineMs: number): Promise<boolean> {
    if (!namespace && !policyUid) throw new RangeError('whom to forget: give a namespace or a policy uid');
    const whom = { ...(namespace && { namespace }), ...(policyUid && { policyUid }) };
    const at = this.#options.now();
    this.#features.forget({ at, ...whom });
    await this.#options.journal.append({ kind: 'Forget', at, ...whom });
    return this.drain(deadlineMs);
  }

  /** Stores everything there is now; false when that was not possible within `deadlineMs`. */
  async drain(deadlineMs: number): Promise<boolean> {
    let expiry: NodeJS.Timeout | undefined;
    const expired = new Promise<false>((resolve) => {
      expiry = setTimeout(() => resolve(false), deadlineMs);
    });
    // The run under way may have begun before the newest records: wait for it, then run another.
    const stored = Promise.resolve(this.#run).then(() => this.#runNow());
    const done = await Promise.race([stored, expired]);
    clearTimeout(expiry);
    return done;
  }

  /** Stops following the journal and ends the process; call `drain` first. What is not stored stays in the journal. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#feed.close();
    this.#unsubscribe();
    clearTimeout(this.#timer);
    await this.#child.stop(STOP_DEADLINE_MS);
    await this.#run;
  }

  async #ask<R extends StoreRequest>(request: R): Promise<StoreResults[R['op']]> {
    try {
      const found = await this.#child.request(request, this.#options.deadlineMs);
      const corrupt = found !== null && 'corruptRows' in found ? found.corruptRows : 0;
      // Features with a wrong checksum stay: there would be nobody to bring them again.
      if (corrupt > 0 && request.op !== 'featuresAsOf') this.#lookAtEverything();
      return found;
    } catch (error) {
      if (error instanceof StoreError && error.reason === 'QueryFailed') this.#lookAtEverything();
      throw error;
    }
  }

  #lookAtEverything(): void {
    this.#feed.suspect();
    if (this.#retryFactor === 0) void this.#runNow();
  }

  /** Called within the caller's append: counts, sets a timer, and nothing else. */
  #noticed(record: JournalRecord): void {
    if (!hasRow(record)) return;
    this.#waitingRows += 1;
    // While the store is away, the pause between attempts holds.
    if (this.#retryFactor === 0) this.#schedule();
  }

  #schedule(): void {
    if (this.#closed) return;
    const enough = this.#waitingRows >= this.#options.flushRows || this.#features.rows >= FLUSH_FEATURES;
    if (enough) void this.#runNow();
    else if (this.#timer === undefined) this.#runAfter(this.#options.flushMs);
  }

  #runAfter(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // When a run is under way the timer has no effect, and must not stand in the way of the next one.
      this.#timer = undefined;
      void this.#runNow();
    }, ms);
  }

  /** Never rejects; true when all was stored. One at a time. */
  #runNow(): Promise<boolean> {
    this.#run ??= this.#attempt().then((done) => {
      this.#run = undefined;
      if (done && this.#waitingRows + this.#features.rows > 0) this.#schedule();
      return done;
    });
    return this.#run;
  }

  async #attempt(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#closed) return false;
    let waitingBefore = this.#waitingRows;
    try {
      await this.#feed.run(() => {
        this.#waitingRows -= waitingBefore;
        // A table may turn out to be damaged after that, and the export be run again.
        waitingBefore = 0;
      });
      this.#retryFactor = 0;
      this.#setHealth({ state: 'Available' });
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    if (this.#closed) return;
    const reason = error instanceof StoreError ? error.reason : 'JournalFailed';
    const message = error instanceof Error ? error.message : String(error);
    this.#setHealth({ state: 'Unavailable', reason, message });
    this.#retryFactor = Math.min(MAX_RETRY_FACTOR, Math.max(1, this.#retryFactor * 2));
    this.#runAfter(this.#options.retryMs * this.#retryFactor);
  }

  #setHealth(health: StoreHealth): void {
    const before = this.#health;
    this.#health = health;
    const same =
      health.state === 'Available'
        ? before.state === 'Available'
        : before.state === 'Unavailable' && before.reason === health.reason;
    if (!same) this.#onHealth(health);
  }
}

/** Whether a record becomes a row; the others are the protocol's own. */
function hasRow({ kind }: JournalRecord): boolean {
  return kind !== 'Applied' && kind !== 'Exported';
}

function ignore(): void {
  // Nobody asked to be told.
}
