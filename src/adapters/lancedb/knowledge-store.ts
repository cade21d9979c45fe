import type { JournalRecord } from '../../loop/execute/journal-record.ts';
import type { DecisionQuery, RecordedDecisions } from './decision-query.ts';
import { exportBatches, type ExportBatch, type ExportSource } from './export-batches.ts';
import type { StoreRequest } from './messages.ts';
import { StoreChild } from './store-child.ts';
import { StoreError, type StoreFailure } from './store-error.ts';
import type { StoreLocation } from './tables.ts';

export interface KnowledgeStoreOptions {
  readonly location: StoreLocation;
  readonly journal: ExportSource;
  /** Rows that are waiting are written when there are so many … Default 50. */
  readonly flushRows?: number;
  /** … or after this time. Default 30,000 ms. */
  readonly flushMs?: number;
  /** The store's process ends when it had nothing to do for so long, and its memory with it. Default 10,000 ms. */
  readonly idleMs?: number;
  /** Commits after which the process is replaced: each leaks some 50 kB. Default 200. */
  readonly recycleCommits?: number;
  /** A process that has not answered by then is killed. Default 30,000 ms. */
  readonly deadlineMs?: number;
  /** First pause after a failure; it doubles up to 64 times this. Default 5,000 ms. */
  readonly retryMs?: number;
  /** Told of every change of health, once. */
  readonly onHealth?: (health: StoreHealth) => void;
}

/** Nothing in the loop depends on it: while Unavailable, decisions stay in the journal. */
export type StoreHealth =
  | { readonly state: 'Available' }
  | { readonly state: 'Unavailable'; readonly reason: StoreFailure; readonly message: string };

/** Counted since the start. */
export interface StoreStatistics {
  /** Rows in the journal that are not known to be stored. */
  readonly waitingRows: number;
  readonly storedRows: number;
  readonly commits: number;
  readonly failures: number;
  /** Times the tables were created or repaired, and filled from the journal. */
  readonly rebuilds: number;
  readonly processStarts: number;
}

/** Compacting or scanning a large or long neglected table takes half a minute and more. */
const LONG_DEADLINE_MS = 300_000;

/** A batch takes milliseconds; a process that needs longer to end than this is stuck. */
const STOP_DEADLINE_MS = 5_000;

/** A scan of 150 small files takes ten times as long as of one; joining 20 takes a tenth of a second. */
const OPTIMIZE_FRAGMENTS = 20;

const MAX_RETRY_FACTOR = 64;

const START = { segment: 0, offset: 0 };

/**
 * Carries decisions and outcomes from the journal to LanceDB. The journal is the queue: a record counts as
 * stored once LanceDB took it, so nothing is lost when the store is slow, away or wiped, and nothing piles up
 * in memory. Rows arrive at least once; readers drop the second copies.
 */
export class KnowledgeStore {
  readonly #options: Required<Omit<KnowledgeStoreOptions, 'onHealth'>>;
  readonly #onHealth: (health: StoreHealth) => void;
  readonly #child: StoreChild;
  #health: StoreHealth = { state: 'Unavailable', reason: 'NotOpened', message: 'not opened yet' };
  #unsubscribe: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #export: Promise<boolean> | undefined;
  #waitingRows = 0;
  #retryFactor = 0;
  /** Until the first complete export after a failure, rows may be in the store already. */
  #mayRepeat = true;
  #closed = false;
  #counts = { storedRows: 0, commits: 0, failures: 0, rebuilds: 0 };

  constructor(options: KnowledgeStoreOptions) {
    const { onHealth, ...rest } = options;
    this.#onHealth = onHealth ?? ((): undefined => undefined);
    this.#options = {
      flushRows: 50,
      flushMs: 30_000,
      idleMs: 10_000,
      recycleCommits: 200,
      deadlineMs: 30_000,
      retryMs: 5_000,
      ...rest,
    };
    this.#child = new StoreChild(options.location, this.#options.idleMs);
  }

  get health(): StoreHealth {
    return this.#health;
  }

  get statistics(): StoreStatistics {
    return { ...this.#counts, waitingRows: this.#waitingRows, processStarts: this.#child.starts };
  }

  /** Of the store's process; undefined while there is none. */
  get childPid(): number | undefined {
    return this.#child.pid;
  }

  /** Begins to follow the journal, with what an earlier process left unexported. Returns at once. */
  start(): void {
    this.#unsubscribe = this.#options.journal.subscribe((record) => this.#noticed(record));
    void this.#exportNow();
  }

  /**
   * Reads back what is stored.
   * @throws StoreError when the store does not answer in time or cannot be read.
   */
  query(query: DecisionQuery): Promise<RecordedDecisions> {
    return this.#child.request({ op: 'query', query }, this.#options.deadlineMs);
  }

  /** Stores everything the journal has now; false when that was not possible within `deadlineMs`. */
  async drain(deadlineMs: number): Promise<boolean> {
    let expiry: NodeJS.Timeout | undefined;
    const expired = new Promise<false>((resolve) => {
      expiry = setTimeout(() => resolve(false), deadlineMs);
    });
    // The export under way may have begun before the newest records: wait for it, then run another.
    const stored = Promise.resolve(this.#export).then(() => this.#exportNow());
    const done = await Promise.race([stored, expired]);
    clearTimeout(expiry);
    return done;
  }

  /** Stops following the journal and ends the process; call `drain` first. What is not stored stays in the journal. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#unsubscribe();
    clearTimeout(this.#timer);
    await this.#child.stop(STOP_DEADLINE_MS);
    await this.#export;
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
    if (this.#waitingRows >= this.#options.flushRows) void this.#exportNow();
    else if (this.#timer === undefined) this.#exportAfter(this.#options.flushMs);
  }

  #exportAfter(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // When an export is under way the timer has no effect, and must not stand in the way of the next one.
      this.#timer = undefined;
      void this.#exportNow();
    }, ms);
  }

  /** Never rejects; true when all was stored. One at a time. */
  #exportNow(): Promise<boolean> {
    this.#export ??= this.#attempt().then((done) => {
      this.#export = undefined;
      if (done && this.#waitingRows > 0) this.#schedule();
      return done;
    });
    return this.#export;
  }

  async #attempt(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#closed) return false;
    try {
      await this.#exportOrRebuild();
      this.#retryFactor = 0;
      this.#mayRepeat = false;
      this.#setHealth({ state: 'Available' });
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  async #exportOrRebuild(): Promise<void> {
    try {
      await this.#child.request({ op: 'open' }, this.#options.deadlineMs);
      await this.#exportAll();
    } catch (error) {
      if (!(error instanceof StoreError) || error.reason !== 'NeedsRepair') throw error;
      this.#mayRepeat = true;
      // The cursor first, durably: a crash before the repair then costs a second look and no row.
      await this.#options.journal.append({ kind: 'Exported', through: START });
      await this.#child.request({ op: 'repair', now: Date.now() }, LONG_DEADLINE_MS);
      this.#counts.rebuilds += 1;
      await this.#exportAll();
    }
  }

  async #exportAll(): Promise<void> {
    const { journal } = this.#options;
    const waitingBefore = this.#waitingRows;
    for await (const batch of exportBatches(journal, journal.exportedThrough)) await this.#store(batch);
    this.#waitingRows -= waitingBefore;
  }

  async #store({ rows, through }: ExportBatch): Promise<void> {
    if (this.#closed) throw new StoreError('NotOpened', 'the store is closed');
    const request: StoreRequest = { op: 'append', batch: rows, skipExisting: this.#mayRepeat };
    const { fragments } = await this.#child.request(request, this.#options.deadlineMs);
    await this.#options.journal.append({ kind: 'Exported', through });
    this.#counts.commits += 1;
    this.#counts.storedRows += rows.decisions.length + rows.outcomes.length;
    if (fragments >= OPTIMIZE_FRAGMENTS) {
      await this.#child.request({ op: 'optimize', now: Date.now() }, LONG_DEADLINE_MS);
    }
    if (this.#counts.commits % this.#options.recycleCommits === 0) await this.#child.stop(STOP_DEADLINE_MS);
  }

  #failed(error: unknown): void {
    this.#counts.failures += 1;
    this.#mayRepeat = true;
    if (this.#closed) return;
    const reason = error instanceof StoreError ? error.reason : 'JournalFailed';
    const message = error instanceof Error ? error.message : String(error);
    this.#setHealth({ state: 'Unavailable', reason, message });
    this.#retryFactor = Math.min(MAX_RETRY_FACTOR, Math.max(1, this.#retryFactor * 2));
    this.#exportAfter(this.#options.retryMs * this.#retryFactor);
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
