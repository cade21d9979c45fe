import { OperatorMetrics } from '../adapters/http/operator-metrics.ts';
import type { PolicyController } from '../controllers/policy/policy-controller.ts';
import { runRounds } from './rounds.ts';
import type { Frame } from './wiring.ts';

interface Around {
  readonly round: (which: number) => Promise<void>;
  /** Seconds that the clock moves on in each round. */
  readonly takes?: number;
  readonly rounds?: number;
}

/** Plays so many rounds of a controller; the seconds slept after each, what was logged, and the metrics. */
async function play({ round, takes = 0, rounds = 1 }: Around) {
  const metrics = new OperatorMetrics('test');
  const stop = new AbortController();
  const slept: number[] = [];
  const failures: unknown[] = [];
  let now = 0;
  let which = 0;
  const controller = {
    fleetWide: [{ kind: 'Missing', workloads: 40 }],
    round: async () => {
      which += 1;
      now += 1000 * takes;
      await round(which);
    },
  } as unknown as PolicyController;
  const sleep = (ms: number): Promise<void> => {
    slept.push(ms / 1000);
    now += ms;
    if (slept.length >= rounds) stop.abort();
    return Promise.resolve();
  };
  const health = () => ({ journal: undefined, knowledgeStore: undefined, prometheus: 'no answer' });
  const frame = {
    config: { tickSeconds: 15 },
    around: {
      clock: { monotonic: () => now, sleep },
      log: { error: (...line: unknown[]) => failures.push(line) },
    },
    parts: { metrics, health },
  } as unknown as Frame;
  await runRounds(controller, frame, stop.signal);
  return { slept, failures, body: (await metrics.exposition()).body };
}

const fine = (): Promise<void> => Promise.resolve();

describe('rounds', () => {
  it('tell of the whole fleet, of missing parts and of their time when they are over', async () => {
    const { body } = await play({ round: fine, takes: 2 });
    expect(body).toContain('autonomic_anomalies_fleet_wide{kind="Missing"} 40');
    expect(body).toContain('autonomic_degraded{part="Prometheus"} 1');
    expect(body).toContain('autonomic_round_duration_seconds_sum 2');
  });

  it('that fail are logged, and the next one comes', async () => {
    const round = (which: number): Promise<void> =>
      which === 1 ? Promise.reject(new Error('refused')) : fine();
    const { failures, slept } = await play({ round, rounds: 2 });
    expect(failures).toEqual([['A round failed', { error: 'refused' }]]);
    expect(slept).toEqual([15, 15]);
  });

  it.each([
    ['on a fixed grid, whatever they take', 4, [11, 11, 11]],
    ['and leave out those that a slow one ran over', 20, [10, 10, 10]],
  ])('come %s', async (_, takes, sleeps) => {
    expect((await play({ round: fine, takes, rounds: 3 })).slept).toEqual(sleeps);
  });
});
