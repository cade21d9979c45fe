import { mkdir, rename, unlink } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import type { LearnedState } from '../../loop/learned-state.ts';
import { CheckpointReader, UnusableCheckpoint } from './checkpoint-reader.ts';
import type { CheckpointHeader } from './file-layout.ts';
import { writePass, type CheckpointReport, type StateAt } from './write-pass.ts';

export interface CheckpointOptions {
  /** Created when it is not there. */
  readonly directory: string;
  /** Of the states that this program reads and writes: `STATE_SCHEMA_VERSION`, and `structureOf` a new state. */
  readonly schema: number;
  readonly structure: string;
  /** Version of the program, for people. */
  readonly app: string;
  /** Ms since the epoch. */
  readonly now: () => number;
  /** Told of what went wrong, once for as long as it goes on. */
  readonly onProblem: (problem: string) => void;
  /** Told how long each slice of work kept everything else waiting, in ms. */
  readonly onSlice: (ms: number) => void;
}

const NAME = 'learned.checkpoint';

/**
 * The learned states of all policies in one file, replaced as a whole. It may be lost at any time: then history is
 * read from Prometheus. So nothing here ever throws at the loop. On the disk are at most three files: the checkpoint,
 * the one being written, and the last one that could not be read. One process at a time: the journal's lock sees to
 * that.
 */
export class CheckpointStore {
  readonly #options: CheckpointOptions;
  readonly #path: string;
  /** What was found at the start; it stays readable when newer ones have taken its name. */
  #found: CheckpointReader | undefined;
  /** `found` still has the checkpoint's name. */
  #inPlace = false;
  /** Policies in `found` whose states may still be asked for. */
  readonly #waiting = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();
  #problem: string | undefined;
  #bytes = 0;
  #writtenAt: number | undefined;

  private constructor(options: CheckpointOptions) {
    this.#options = options;
    this.#path = join(options.directory, NAME);
  }

  /** Looks for the checkpoint of an earlier process; one that cannot be used is told of and moved out of the way. */
  static async open(options: CheckpointOptions): Promise<CheckpointStore> {
    const store = new CheckpointStore(options);
    try {
      // What a process left that was killed while it wrote.
      await unlink(store.#temporary).catch(() => undefined);
      await store.#find();
    } catch (error) {
      await store.#refuse(error);
    }
    return store;
  }

  /** Why the last checkpoint is not what it should be; undefined while all is well. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Length of the last checkpoint, 0 before the first. */
  get bytes(): number {
    return this.#bytes;
  }

  /** When the last pass ended well, ms since the epoch. */
  get writtenAt(): number | undefined {
    return this.#writtenAt;
  }

  /** What an earlier process had learned about a policy: a new copy each time, until `release`. */
  async restore(uid: string): Promise<StateAt | undefined> {
    const place = this.#waiting.has(uid) ? this.#found?.records.get(uid) : undefined;
    if (place === undefined) return undefined;
    try {
      return { uid, at: place.at, learned: (await this.#found?.read(uid)) as LearnedState };
    } catch (error) {
      this.#waiting.delete(uid);
      await this.#refuse(error);
      return undefined;
    }
  }

  /** What the earlier process knew about this policy is not needed any more. */
  release(uid: string): void {
    this.#waiting.delete(uid);
  }

  /**
   * Writes all states, a slice at a time. Those of policies that this process has not taken over yet are carried
   * along, while `alive` says that their policies exist.
   * @returns undefined when it came to nothing; `problem` says why
   */
  async write(
    states: Iterable<Omit<StateAt, 'at'>>,
    alive: (uid: string) => boolean,
  ): Promise<CheckpointReport | undefined> {
    const pass = this.#last.then(() => this.#write(states, alive));
    this.#last = pass;
    return pass;
  }

  /** After the pass under way, if there is one. */
  async close(): Promise<void> {
    await this.#last;
    this.#waiting.clear();
    await this.#forget();
  }

  get #temporary(): string {
    return `${this.#path}.tmp`;
  }

  async #find(): Promise<void> {
    const found = await CheckpointReader.open(this.#path);
    if (found === undefined) return;
    try {
      this.#check(found.header);
    } catch (error) {
      await found.close();
      throw error;
    }
    this.#found = found;
    this.#inPlace = true;
    this.#bytes = found.bytes;
    for (const uid of found.records.keys()) this.#waiting.add(uid);
  }

  #check(found: CheckpointHeader): void {
    const { schema, structure } = this.#options;
    if (found.schema > schema)
      throw new UnusableCheckpoint('Newer', `its states are of the newer version ${found.app}`);
    // An older one is no damage: it is read no more, and the next checkpoint takes its place.
    if (found.schema < schema || found.structure !== structure || found.endianness !== endianness())
      throw new Error(`its states are of another version, ${found.app}`);
  }

  async #write(
    states: Iterable<Omit<StateAt, 'at'>>,
    alive: (uid: string) => boolean,
  ): Promise<CheckpointReport | undefined> {
    const { directory, now, onSlice } = this.#options;
    const seen = new Set<string>();
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const report = await writePass({
        path: this.#path,
        temporary: this.#temporary,
        header: this.#header(),
        bytesBefore: this.#bytes,
        states: timed(states, now, seen),
        others: () => this.#unseen(seen, alive),
        onSlice,
      });
      this.#inPlace = false;
      this.#bytes = report.bytes;
      this.#writtenAt = now();
      this.#note(report.leftOut[0]);
      if (this.#waiting.size === 0) await this.#forget();
      return report;
    } catch (error) {
      this.#note(`the checkpoint could not be written: ${(error as Error).message}`);
      return undefined;
    }
  }

  async *#unseen(seen: ReadonlySet<string>, alive: (uid: string) => boolean): AsyncGenerator<StateAt> {
    for (const uid of this.#waiting) {
      if (!alive(uid)) this.release(uid);
      const state = seen.has(uid) ? undefined : await this.restore(uid);
      if (state !== undefined) yield state;
    }
  }

  #header(): CheckpointHeader {
    const { schema, structure, app, now } = this.#options;
    const { node, v8 } = process.versions;
    const writtenAt = new Date(now()).toISOString();
    return { schema, structure, endianness: endianness(), app, node, v8, writtenAt };
  }

  /** What is no checkpoint is kept aside for a person to look at, in place of the one before. */
  async #refuse(error: unknown): Promise<void> {
    const notUsed = `the checkpoint ${this.#path} is not used: ${(error as Error).message}`;
    const inPlace = this.#found === undefined || this.#inPlace;
    if (!(error instanceof UnusableCheckpoint) || !inPlace) {
      this.#options.onProblem(notUsed);
      return;
    }
    this.#inPlace = false;
    const aside = `${this.#path}.bad`;
    const became = await rename(this.#path, aside).then(
      () => `it is kept as ${aside}`,
      (failure: unknown) => `it could not be moved aside: ${(failure as Error).message}`,
    );
    this.#options.onProblem(`${notUsed}; ${became}`);
  }

  #note(problem: string | undefined): void {
    if (problem !== undefined && problem !== this.#problem) this.#options.onProblem(problem);
    this.#problem = problem;
  }

  async #forget(): Promise<void> {
    const found = this.#found;
    this.#found = undefined;
    await found?.close();
  }
}

function* timed(
  states: Iterable<Omit<StateAt, 'at'>>,
  now: () => number,
  seen: Set<string>,
): Generator<StateAt> {
  for (const state of states) {
    seen.add(state.uid);
    yield { ...state, at: now() };
  }
}
