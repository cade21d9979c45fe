import { WatchedWorkload, type WatchedValues } from '../../../../test/support/watched-workload.ts';
import type { Anomaly } from './anomaly.ts';
import type { AnomalyReport } from './observe-anomalies.ts';

const DAY = 1440;

/** Two days of the usual, learned once. */
const LEARNED = new WatchedWorkload();
LEARNED.learn(2 * DAY);
const learned = (change: Parameters<typeof LEARNED.fork>[0] = {}): WatchedWorkload => LEARNED.fork(change);

const opened = (reports: readonly AnomalyReport[]): Anomaly[] => reports.flatMap((report) => report.opened);
const open = (workload: WatchedWorkload): readonly Anomaly[] => workload.state.episodes.open;

interface Case {
  readonly name: string;
  readonly change: (values: WatchedValues, minute: number) => WatchedValues;
  readonly kind: Anomaly['kind'];
  readonly signal: string;
  readonly message: RegExp;
  readonly holds: boolean;
}

const CASES: readonly Case[] = [
  {
    name: 'four times the load',
    change: (values) => ({ ...values, load: 4 * values.load, cpu: 4 * values.cpu }),
    kind: 'Spike',
    signal: 'load',
    message: /^the load is [\d.]+ where [\d.]+ is usual$/,
    holds: true,
  },
  {
    name: 'a load that falls to nothing, which other guards follow',
    change: (values) => ({ ...values, load: 0, cpu: 0.01 }),
    kind: 'Spike',
    signal: 'load',
    message: /^the load is 0 where/,
    holds: false,
  },
  {
    name: 'a latency that the load does not explain',
    change: (values) => ({ ...values, latency: 10 * values.latency }),
    kind: 'Degradation',
    signal: 'latency',
    message: /^the latency is .* is usual/,
    holds: true,
  },
  {
    name: 'metrics that do not come any more',
    change: () => ({ load: NaN, latency: NaN, cpu: NaN, memory: NaN }),
    kind: 'Missing',
    signal: 'metrics',
    message: /^the load, the latency, the CPU in use and the memory of a pod do not come any more$/,
    holds: true,
  },
  {
    name: 'an exporter that repeats itself',
    change: (values) => ({ ...values, load: 123.456 }),
    kind: 'FlatLine',
    signal: 'load',
    message: /^the load does not move: it is exactly 123 all the time$/,
    holds: true,
  },
];

describe.each(CASES)('$name', ({ change, kind, signal, message, holds }) => {
  it('is told of, and over when it is over', () => {
    const workload = learned();
    const told = opened(workload.run(20, change));
    expect(told.find((anomaly) => anomaly.kind === kind && anomaly.signal === signal)).toMatchObject({
      message: expect.stringMatching(message) as string,
      holds,
    });
    const ended = workload.run(12).flatMap(({ closed }) => closed);
    expect(open(workload)).toEqual([]);
    expect(ended).toContainEqual(
      expect.objectContaining({ ending: 'Over', anomaly: expect.objectContaining({ signal }) as Anomaly }),
    );
  });

  if (kind !== 'FlatLine') {
    it('is known within two minutes after it began', () => {
      const told = opened(learned().run(3, change));
      expect(told.map((anomaly) => anomaly.kind)).toContain(kind);
    });
  }
});

describe('what is unusual', () => {
  it('is little in two usual weeks after the first', () => {
    const workload = learned();
    workload.learn(5 * DAY);
    expect(opened(workload.learn(14 * DAY)).length).toBeLessThanOrEqual(2);
  });

  it('is one anomaly where CPU goes along with the load', () => {
    const change = (values: WatchedValues): WatchedValues => ({
      ...values,
      load: 4 * values.load,
      cpu: 4 * values.cpu,
    });
    expect(opened(learned().run(5, change)).map(({ signal }) => signal)).toEqual(['load']);
  });

  it('of a load that stays is a new level, and counts as usual after an hour', () => {
    const workload = learned();
    const up = (values: WatchedValues): WatchedValues => ({ ...values, load: 3 * values.load });
    const reports = workload.run(75, up);
    expect(reports.flatMap(({ open: now }) => now).some(({ kind }) => kind === 'LevelShift')).toBe(true);
    expect(reports.flatMap(({ closed }) => closed)).toMatchObject([{ ending: 'NewNormal' }]);
  });

  it('begins with nothing before a day is known, but what is missing', () => {
    const workload = new WatchedWorkload();
    workload.learn(300);
    expect(opened(workload.run(10, (values) => ({ ...values, load: 9 * values.load })))).toEqual([]);
    const gone = opened(workload.run(10, (values) => ({ ...values, load: NaN, latency: NaN })));
    expect(gone.map(({ kind }) => kind)).toEqual(['Missing']);
  });

  it('begins with nothing while pods are replaced', () => {
    const workload = learned({ suppressed: true });
    expect(opened(workload.run(10, (values) => ({ ...values, latency: 10 * values.latency })))).toEqual([]);
  });

  it('of a leak is told hours before the limit', () => {
    const workload = new WatchedWorkload();
    const bytes = (minute: number): number => (30 * minute * 2 ** 20) / 60;
    const reports = workload.learn(600, (values, minute) => ({
      ...values,
      memory: values.memory + bytes(minute),
    }));
    const leak = opened(reports).find(({ kind }) => kind === 'Leak');
    expect(leak).toMatchObject({ signal: 'memory', holds: false });
    expect(leak?.message).toMatch(
      /^the memory of a pod grows by [\d.]+ MiB an hour and is at its limit in [\d.]+ h/,
    );
  });

  it.each([
    ['constant', () => 5],
    ['one of two values', (minute: number) => minute % 2],
    ['enormous', (minute: number) => (minute % 7 === 0 ? 1e308 : 1)],
    ['negative and enormous', (minute: number) => (minute % 5 === 0 ? -1e308 : 1)],
    ['a counter that begins anew', (minute: number) => minute % 500],
    ['never known', () => NaN],
    ['infinite', () => Infinity],
  ])('of a series that is %s is no storm', (_, series) => {
    const workload = new WatchedWorkload();
    const told = opened(
      workload.learn(3 * DAY, (values, minute) => ({ ...values, load: series(minute), cpu: NaN })),
    );
    expect(told.length).toBeLessThanOrEqual(10);
    expect(told.every(({ surprise }) => surprise >= 0 && surprise <= 12)).toBe(true);
  });
});
