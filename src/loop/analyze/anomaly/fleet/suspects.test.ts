import fc from 'fast-check';
import { normal, seededRandom } from '../../../../simulate/random.ts';
import { MINUTE_MS } from '../minute-means.ts';
import { createMemberSeries, observeMemberMinute, SERIES_MINUTES } from './member-series.ts';
import { suspectsOf, type Neighbour, type SuspectSearch } from './suspects.ts';

const LAST = 5000;

interface Course {
  /** Minutes ago since when it is slow, fails or has more load; never when left out. */
  readonly slow?: number;
  readonly fails?: number;
  readonly busy?: number;
  /** What its own detectors say of the last minute. */
  readonly surprise?: number;
}

/** An hour of a workload: a hundred requests a second of 200 ms, with noise of its own. */
function workload(name: string, { slow = -1, fails = -1, busy = -1, surprise }: Course = {}): Neighbour {
  const random = seededRandom(name.length + name.charCodeAt(0));
  const around = (level: number): number => level * (1 + 0.05 * normal(random));
  const series = createMemberSeries();
  const unusual = surprise ?? (Math.max(slow, fails, busy) < 0 ? 0.4 : 6);
  for (let ago = SERIES_MINUTES - 1; ago >= 0; ago -= 1) {
    observeMemberMinute(series, {
      minute: LAST - ago,
      values: {
        load: around(ago <= busy ? 300 : 100),
        latency: around(ago <= slow ? 0.8 : 0.2),
        errors: ago <= fails ? around(0.3) : 0.001,
      },
      surprise: ago === 0 ? unusual : 0.3,
    });
  }
  return { workload: name, series };
}

const search = (others: readonly Neighbour[], change: Partial<SuspectSearch> = {}): SuspectSearch => ({
  target: workload('web', { slow: 0 }),
  signal: 'latency',
  others,
  calls: [],
  ...change,
});
const names = (found: SuspectSearch): string[] => suspectsOf(found).map(({ workload: name }) => name);

test('who was slow before is suspected, with the time since when', () => {
  expect(suspectsOf(search([workload('db', { slow: 3 }), workload('cart')]))).toEqual([
    { workload: 'db', signal: 'latency', at: (LAST - 3) * MINUTE_MS, leadMs: 3 * MINUTE_MS, path: undefined },
  ]);
});

test('a neighbour that fails, or asks more, may be behind a latency', () => {
  expect(suspectsOf(search([workload('db', { fails: 1 })]))).toMatchObject([{ signal: 'errors' }]);
  expect(suspectsOf(search([workload('batch', { busy: 2 })]))).toMatchObject([
    { workload: 'batch', signal: 'load', leadMs: 2 * MINUTE_MS },
  ]);
});

test.each([
  ['is as usual', workload('db')],
  ['was slow later', workload('db', { slow: 0 }), workload('web', { slow: 2 })],
  ['has more load in the same minute, as all have', workload('db', { busy: 0 })],
  ['is not unusual by its own detectors', workload('db', { slow: 3, surprise: 1 })],
  ['knows nothing', { workload: 'db', series: createMemberSeries() }],
])('nobody is suspected where the other %s', (_, other, target = workload('web', { slow: 0 })) => {
  expect(suspectsOf(search([other], { target }))).toEqual([]);
});

const calls = [
  { caller: 'web', callee: 'cart' },
  { caller: 'cart', callee: 'db' },
];

test('with known calls, who is called at the end of them comes first', () => {
  const others = ['cart', 'db', 'stranger'].map((name) => workload(name, { slow: 1 }));
  const suspects = suspectsOf(search(others, { calls, target: workload('web', { slow: 1 }) }));
  expect(suspects[0]).toMatchObject({ workload: 'db', leadMs: 0, path: ['web', 'cart', 'db'] });
});

test('what is called may be noticed a minute later, and only what is called', () => {
  const found = search([workload('db', { slow: 0 })], { target: workload('web', { slow: 1 }) });
  expect(suspectsOf({ ...found, calls })).toMatchObject([{ workload: 'db', leadMs: -MINUTE_MS }]);
  expect(suspectsOf(found)).toEqual([]);
});

test('of a load that rises, the caller is suspected even in the same minute', () => {
  const found = search([workload('batch', { busy: 0 })], { calls: [{ caller: 'batch', callee: 'web' }] });
  expect(suspectsOf(found)).toMatchObject([{ workload: 'batch', signal: 'load', path: ['batch', 'web'] }]);
});

test('a queue has suspects though nothing else of its workload is known', () => {
  const target = { workload: 'web', series: createMemberSeries() };
  observeMemberMinute(target.series, {
    minute: LAST,
    values: { load: NaN, latency: NaN, errors: NaN },
    surprise: 6,
  });
  expect(names(search([workload('db', { slow: 3 })], { target, signal: 'queue' }))).toEqual(['db']);
});

test('no more than three are named of many', () => {
  const many = Array.from({ length: 60 }, (_, i) => workload(`s${i}`, { slow: 2 }));
  expect(names(search(many))).toHaveLength(3);
});

test('whatever the series are, nothing is thrown and at most three others are named', () => {
  const value = fc.oneof(fc.double(), fc.constantFrom(NaN, 0, 1e30, -1, Infinity));
  const minute = fc.record({ load: value, latency: value, errors: value, surprise: value });
  const hour = fc.array(minute, { maxLength: 70 });
  const name = fc.constantFrom('web', 'a', 'b', 'c', 'd', 'e');
  const call = fc.record({ caller: name, callee: name });
  const seriesOf = (
    minutes: readonly { load: number; latency: number; errors: number; surprise: number }[],
  ) => {
    const series = createMemberSeries();
    for (const [i, { surprise, ...values }] of minutes.entries())
      observeMemberMinute(series, { minute: LAST + i, values, surprise });
    return series;
  };
  fc.assert(
    fc.property(
      fc.array(hour, { minLength: 1, maxLength: 6 }),
      fc.array(call, { maxLength: 8 }),
      fc.constantFrom('latency', 'errors', 'queue'),
      (hours, calls, signal) => {
        const [target, ...others] = hours.map((minutes, i) => ({
          workload: ['web', 'a', 'b', 'c', 'd', 'e'][i] ?? '',
          series: seriesOf(minutes),
        }));
        const suspects = suspectsOf({ target: target!, signal, others, calls });
        expect(suspects.length).toBeLessThanOrEqual(3);
        for (const { workload: suspect, at, leadMs } of suspects) {
          expect(suspect).not.toBe('web');
          expect(Number.isFinite(at) && Number.isFinite(leadMs)).toBe(true);
        }
      },
    ),
    { numRuns: 200 },
  );
});
