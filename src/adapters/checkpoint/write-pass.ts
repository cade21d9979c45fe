import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { LearnedState } from '../../loop/learned-state.ts';
import { CheckpointWriter, type WriterOptions } from './checkpoint-writer.ts';

/** A policy's learned state as it was `at`, ms since the epoch. */
export interface StateAt {
  readonly uid: string;
  readonly at: number;
  readonly learned: LearnedState;
}

export interface PassOptions extends WriterOptions {
  /** Looked at one after the other, slice by slice: each must be whole whenever it is looked at. */
  readonly states: Iterable<StateAt>;
  /** Those that come from elsewhere; asked for when all others are written. */
  readonly others: () => AsyncIterable<StateAt>;
  /** Length of the checkpoint before, in bytes. */
  readonly bytesBefore: number;
  readonly onSlice: (ms: number) => void;
}

/** What a pass has done. */
export interface CheckpointReport {
  readonly policies: number;
  readonly bytes: number;
  /** Ms in which nothing else could run: all slices together, and the longest. */
  readonly blockedMs: number;
  readonly longestSliceMs: number;
  /** States that are no plain data and were left out, each with the reason. */
  readonly leftOut: readonly string[];
}

/** A slice ends after so long, in ms: the lease, probes and answers of others wait behind it. */
const SLICE_MS = 4;

/** What must stay free beside a checkpoint: the journal refuses decisions below 32 MiB, and those matter more. */
const FREE_FLOOR_BYTES = 64 << 20;

/** Writes one checkpoint. When it rejects, the one before is still in place and nothing is left of this one. */
export async function writePass(options: PassOptions): Promise<CheckpointReport> {
  await checkSpace(options);
  const writer = await CheckpointWriter.create(options);
  try {
    const slices = new Slices(options, writer);
    for (const state of options.states) {
      slices.add(state);
      if (slices.due) await slices.end();
    }
    for await (const state of options.others()) {
      slices.add(state);
      if (slices.due) await slices.end();
    }
    await slices.end();
    const { blockedMs, longestSliceMs, leftOut } = slices;
    const policies = writer.records;
    return { policies, bytes: await writer.finish(), blockedMs, longestSliceMs, leftOut };
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** Work cut into slices; after each the disk takes what there is, and everything else has its turn. */
class Slices {
  readonly leftOut: string[] = [];
  blockedMs = 0;
  longestSliceMs = 0;
  readonly #onSlice: (ms: number) => void;
  readonly #writer: CheckpointWriter;
  #spentMs = 0;

  constructor({ onSlice }: PassOptions, writer: CheckpointWriter) {
    this.#onSlice = onSlice;
    this.#writer = writer;
  }

  get due(): boolean {
    return this.#writer.full || this.#spentMs >= SLICE_MS;
  }

  add({ uid, at, learned }: StateAt): void {
    const startedAt = performance.now();
    try {
      this.#writer.add(uid, at, learned);
    } catch (error) {
      this.leftOut.push(`the state of policy ${uid} cannot be stored: ${(error as Error).message}`);
    }
    this.#spentMs += performance.now() - startedAt;
  }

  async end(): Promise<void> {
    this.blockedMs += this.#spentMs;
    this.longestSliceMs = Math.max(this.longestSliceMs, this.#spentMs);
    this.#onSlice(this.#spentMs);
    this.#spentMs = 0;
    if (this.#writer.full) await this.#writer.flush();
    else await turn();
  }
}

async function checkSpace({ path, bytesBefore }: PassOptions): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path));
  const free = bavail * bsize;
  // Half as much again as the last one: policies come.
  const wanted = FREE_FLOOR_BYTES + Math.ceil(1.5 * bytesBefore);
  if (free < wanted) throw new Error(`the disk has ${free} bytes free, wanted are ${wanted}`);
}
