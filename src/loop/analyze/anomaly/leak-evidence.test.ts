import { WatchedWorkload } from '../../../../test/support/watched-workload.ts';
import type { Reading } from '../../monitor/reading.ts';
import { targetFixture } from '../../../../test/support/loop-fixtures.ts';
import { leakEvidence } from './leak-evidence.ts';
import type { Evidence } from './anomaly.ts';

const MINUTE = 60_000;
const MEBIBYTE = 2 ** 20;
const START = 1000 * 86_400_000;

interface Pod {
  /** Mebibytes; NaN where it is not known. */
  readonly memory: (minute: number) => number;
  readonly limit?: number;
  /** Of all pods; 100 when left out. */
  readonly load?: (minute: number) => number;
}

/** What is told last of a pod that runs for so long, minute by minute; with a spread that no program is without. */
function after(hours: number, { memory, limit, load }: Pod, replicas = 2): Evidence | undefined {
  const state = { leak: undefined };
  let found: Evidence | undefined;
  for (let minute = 0; minute < 60 * hours; minute += 1) {
    const now = START + minute * MINUTE;
    const noise = ((minute * 7919) % 13) / 13;
    const value = (memory(minute) + noise) * MEBIBYTE;
    const memoryBytes: Reading = Number.isNaN(value)
      ? { quality: 'Missing', reason: 'NoData', message: 'no series' }
      : { quality: 'Fresh', value, at: now };
    const memoryLimitBytes = limit === undefined ? NaN : limit * MEBIBYTE;
    const signals = { oldestPod: { createdAt: START - MINUTE, memoryBytes, memoryLimitBytes } } as never;
    found = leakEvidence(state, { now, signals, target: targetFixture(replicas) }, load?.(minute) ?? 100);
  }
  return found;
}

const growing = (perHour: number) => (minute: number) => 200 + (perHour * minute) / 60;

describe('memory that grows', () => {
  it('is a leak with the hours until its limit', () => {
    const found = after(24, { memory: growing(20), limit: 1024 });
    expect(found).toMatchObject({ kind: 'Leak', signal: 'memory', onset: true });
    expect(found?.surprise).toBeGreaterThan(2);
    expect(found?.surprise).toBeLessThanOrEqual(12);
    expect(found?.message).toMatch(
      /^the memory of a pod grows by (19|20)(\.\d)? MiB an hour and is at its limit in 1[5-9](\.\d)? h \(/,
    );
  });

  it('is told in minutes shortly before', () => {
    const found = after(8, { memory: growing(20), limit: 380 });
    expect(found?.message).toMatch(/is at its limit in \d+(\.\d)? min \(/);
  });

  it('with the requests of a day and not with its hours is told as such', () => {
    const load = (minute: number) => 100 + 60 * Math.sin((2 * Math.PI * minute) / 1440);
    const served = (minute: number) =>
      100 * minute + ((60 * 1440) / (2 * Math.PI)) * (1 - Math.cos((2 * Math.PI * minute) / 1440));
    const found = after(18, { memory: (minute) => 200 + 0.004 * served(minute), limit: 1024, load });
    expect(found?.message).toMatch(
      /^the memory of a pod grows by [\d.]+ MiB an hour, with each request, and is at its limit in [\d.]+ h \(/,
    );
  });

  it('and may be slowing down is told to have perhaps more than three days', () => {
    const slower = (minute: number) => 200 + 200 * (1 - Math.exp(-minute / 1200)) + minute / 50;
    const found = after(8, { memory: slower, limit: 420 });
    expect(found?.message).toMatch(/is at its limit in [\d.]+ h \([\d.]+ h to more than three days\)$/);
  });

  it('without a limit has no end that is known', () => {
    const found = after(8, { memory: growing(20) });
    expect(found?.message).toMatch(/^the memory of a pod grows by [\d.]+ MiB an hour and no limit ends it$/);
  });

  it.each<[string, Pod, number]>([
    ['is far from its limit', { memory: growing(20), limit: 100_000 }, 2],
    ['stays', { memory: () => 200, limit: 512 }, 2],
    ['falls', { memory: (minute) => 400 - minute / 10, limit: 512 }, 2],
    ['is not known', { memory: () => NaN, limit: 512 }, 2],
    ['is that of no pod', { memory: () => NaN }, 0],
  ])('is none where it %s', (_, pod, replicas) => {
    expect(after(8, pod, replicas)).toBeUndefined();
  });

  it('is none where nobody measures it', () => {
    const target = targetFixture(2);
    const state = { leak: undefined };
    expect(leakEvidence(state, { now: START, signals: undefined, target }, 100)).toBeUndefined();
    expect(state.leak).toBeUndefined();
  });

  it('is found in a workload that is watched, and holds nothing', () => {
    const workload = new WatchedWorkload();
    const opened = workload
      .learn(600, (values, minute) => ({ ...values, memory: values.memory + minute * MEBIBYTE }))
      .flatMap((report) => report.opened);
    expect(opened.filter(({ kind }) => kind === 'Leak')).toMatchObject([{ holds: false }]);
  });
});
