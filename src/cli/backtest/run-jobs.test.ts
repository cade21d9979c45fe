import { DEFAULT_SIMULATION } from '../../simulate/simulation-config.ts';
import type { Job } from './job.ts';
import { runJobs } from './run-jobs.ts';

const MINUTE = 60_000;
const config = { ...DEFAULT_SIMULATION, settleDays: 0 };
const setup = { config, warmupSeconds: 3600, frontier: false, record: false };

function job(name: string, contender: string): Job {
  const times = Float64Array.from({ length: 180 }, (_, minute) => minute * MINUTE);
  return { setup, trace: { name, times, values: times.map((at) => 10 + (at / MINUTE) * 0.1) }, contender };
}

const run = (jobs: readonly Job[], signal = new AbortController().signal): ReturnType<typeof runJobs> =>
  runJobs(jobs, { threads: 2, signal, onDone: () => undefined });

// Threads are started in each.
import.meta.jest.setTimeout(60_000);

describe('jobs in worker threads', () => {
  test('give their results in their own order, whoever is ready first', async () => {
    const names = ['oracle', 'static-p999', 'hpa-70', 'oracle', 'static-p999'];
    const results = await run(names.map((name, index) => job(index < 3 ? 'a' : 'b', name)));
    expect(results.map((result) => result?.name)).toEqual(names);
  });

  test('end with the first failure, which names contender and trace', async () => {
    await expect(run([job('a', 'oracle'), job('b', 'nobody'), job('c', 'oracle')])).rejects.toThrow(
      'nobody on b: there is no such contender',
    );
  });

  test('that are ended before they begin have no results', async () => {
    expect(await run([job('a', 'oracle'), job('b', 'oracle')], AbortSignal.abort())).toEqual([
      undefined,
      undefined,
    ]);
  });
});
