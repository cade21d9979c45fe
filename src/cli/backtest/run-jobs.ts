import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { Job, JobResult } from './job.ts';

/** Beside this file: `.ts` when run from the sources, `.js` when built. */
const WORKER = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url),
);

export interface RunOptions {
  /** Worker threads. */
  readonly threads: number;
  /** Ends the jobs under way; what is done until then is returned. */
  readonly signal: AbortSignal;
  readonly onDone: () => void;
}

/**
 * Runs the jobs in worker threads, in their order as threads become free.
 * @returns the results in the order of the jobs, whoever ran them; undefined for those that were not finished.
 * @throws the first error of a job; the others are ended then.
 */
export async function runJobs(
  jobs: readonly Job[],
  { threads, signal, onDone }: RunOptions,
): Promise<(JobResult | undefined)[]> {
  const results = new Array<JobResult | undefined>(jobs.length).fill(undefined);
  const failed = new AbortController();
  const ended = AbortSignal.any([signal, failed.signal]);
  const size = Math.min(threads, jobs.length);
  const pool = new Piscina<Job, JobResult>({ filename: WORKER, minThreads: size, maxThreads: size });
  const queue = jobs.entries();
  const work = async (): Promise<void> => {
    for (const [index, job] of queue) {
      if (ended.aborted) return;
      results[index] = await pool.run(job, { signal: ended });
      onDone();
    }
  };
  try {
    await Promise.all(
      Array.from({ length: size }, () =>
        work().catch((error: unknown) => {
          // A job that was ended on purpose is no failure.
          if (ended.aborted) return;
          failed.abort();
          throw error;
        }),
      ),
    );
  } finally {
    await pool.destroy();
  }
  return results;
}
