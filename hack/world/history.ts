import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { seededRandom } from '../../src/simulate/random.ts';
import { numberText, seriesText } from './exposition.ts';
import { past, type PastMoment, type PastSpan } from './past.ts';
import type { WorkloadSpec } from './workload.ts';

/** The live world begins where the span ends. */
export interface HistoryOptions extends PastSpan {
  readonly workloads: readonly WorkloadSpec[];
  /** The labels that Prometheus puts on what it scrapes, so that series go on where the past ends. */
  readonly job: string;
  readonly instance: string;
}

/**
 * promtool reads a file once for each block it makes of it. With blocks of up to a day it makes them 18 h long (its
 * lengths are 2 h × 3ⁿ), counted from the epoch: a file for each is read once, and 14 days take a third of the time.
 */
const BLOCK_MS = 18 * 3_600_000;
/** Characters that are written at once. */
const CHUNK = 1 << 20;

/**
 * Writes what the world's exporter would have shown in the past, for `promtool tsdb create-blocks-from openmetrics`.
 * @returns the files, oldest first; they are made in `directory`.
 */
export async function writeHistory(directory: string, options: HistoryOptions): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  const pasts = options.workloads.map((spec, seed) => new WrittenPast(spec, seed, options));
  const files: string[] = [];
  let blockEnd = (Math.floor(options.from / BLOCK_MS) + 1) * BLOCK_MS;
  for (; blockEnd - BLOCK_MS < options.until; blockEnd += BLOCK_MS) {
    const file = join(directory, `history-${String(files.length).padStart(3, '0')}.om`);
    await pipeline(Readable.from(block(pasts, blockEnd)), createWriteStream(file));
    files.push(file);
  }
  return files;
}

function* block(pasts: readonly WrittenPast[], end: number): Generator<string> {
  for (const each of pasts) yield* each.before(end);
  yield '# EOF\n';
}

/** One workload's past as lines of OpenMetrics text, block after block. */
class WrittenPast {
  readonly #moments: Generator<PastMoment>;
  readonly #scrapeLabels: Readonly<Record<'job' | 'instance', string>>;
  /** The series are the same at each moment, and to write their labels again would take most of the time. */
  readonly #names: string[] = [];
  #next: IteratorResult<PastMoment>;

  constructor(spec: WorkloadSpec, seed: number, { job, instance, ...span }: HistoryOptions) {
    this.#moments = past(spec, span, seededRandom(seed));
    this.#scrapeLabels = { job, instance };
    this.#next = this.#moments.next();
  }

  *before(end: number): Generator<string> {
    let text = '';
    while (this.#next.done !== true && this.#next.value.at < end) {
      text += this.#lines(this.#next.value);
      this.#next = this.#moments.next();
      if (text.length < CHUNK) continue;
      yield text;
      text = '';
    }
    yield text;
  }

  #lines({ at, samples }: PastMoment): string {
    let lines = '';
    for (const [index, sample] of samples.entries()) {
      const name = (this.#names[index] ??= seriesText({
        ...sample,
        labels: { ...sample.labels, ...this.#scrapeLabels },
      }));
      lines += `${name} ${numberText(sample.value)} ${at / 1000}\n`;
    }
    return lines;
  }
}
