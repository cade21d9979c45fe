import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { seededRandom } from '../../src/simulate/random.ts';
import { numberText, seriesText } from './exposition.ts';
import { past } from './past.ts';
import type { WorkloadSpec } from './workload.ts';

export interface PastOptions {
  readonly workloads: readonly WorkloadSpec[];
  /** ms since the epoch; `until` is where the live world begins. */
  readonly from: number;
  readonly until: number;
  /** The labels that Prometheus puts on what it scrapes, so that series go on where the past ends. */
  readonly job: string;
  readonly instance: string;
}

export interface HistoryOptions extends PastOptions {
  /** Path of the promtool binary. */
  readonly promtool: string;
  /** Prometheus' storage directory; no Prometheus may be running on it. */
  readonly dataDirectory: string;
}

/**
 * promtool reads the whole text once for every block: blocks of a week make it three times as quick as blocks of a
 * day on 14 days, and a query does not see the difference.
 */
const BLOCK_DURATION = '168h';
/** Bytes that are written at once. */
const CHUNK = 1 << 20;

/** Gives Prometheus a past: what the world's exporter would have shown in it. */
export async function importHistory(options: HistoryOptions): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'world-history-'));
  try {
    const file = join(directory, 'history.om');
    await pipeline(Readable.from(openMetrics(options)), createWriteStream(file));
    await promisify(execFile)(options.promtool, [
      ...['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', `--max-block-duration=${BLOCK_DURATION}`],
      ...[file, options.dataDirectory],
    ]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The past as OpenMetrics text with timestamps, in chunks. */
export function* openMetrics({ workloads, from, until, job, instance }: PastOptions): Generator<string> {
  let text = '';
  for (const [index, spec] of workloads.entries()) {
    // The series are the same at each moment, and to write their labels again would take most of the time.
    const names: string[] = [];
    for (const { at, samples } of past(spec, { from, until }, seededRandom(index))) {
      for (const [i, sample] of samples.entries()) {
        names[i] ??= seriesText({ ...sample, labels: { ...sample.labels, job, instance } });
        text += `${names[i]} ${numberText(sample.value)} ${at / 1000}\n`;
      }
      if (text.length < CHUNK) continue;
      yield text;
      text = '';
    }
  }
  yield `${text}# EOF\n`;
}
