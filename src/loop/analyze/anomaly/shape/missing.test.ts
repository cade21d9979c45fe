import { awkwardSeries } from '../../../../../test/support/awkward-series.ts';
import { seededRandom } from '../../../../simulate/random.ts';
import { createMissing, observeMissing, type MissingSeries } from './missing.ts';

const MINUTE = 60_000;

function feed(
  series: MissingSeries,
  values: readonly number[],
  from = 0,
): { surprise: number; since: number }[] {
  return values.map((value, i) => observeMissing(series, value, (from + i) * MINUTE));
}

const there = (minutes: number): number[] => new Array<number>(minutes).fill(1);
const gone = (minutes: number): number[] => new Array<number>(minutes).fill(NaN);

test('a series that was always there is missing from the second minute, and since when is told', () => {
  const series = createMissing();
  feed(series, there(2000));
  const gap = feed(series, gone(10), 2000);
  expect(gap[0]?.surprise).toBe(0);
  expect(gap[1]?.surprise).toBeGreaterThan(3);
  expect(gap.at(-1)?.since).toBe(2000 * MINUTE);
});

test('a series that is there again is not missing', () => {
  const series = createMissing();
  feed(series, there(2000));
  feed(series, gone(10), 2000);
  expect(feed(series, there(1), 2010)).toEqual([{ surprise: 0, since: NaN }]);
});

test('gaps as long as those before are usual', () => {
  const series = createMissing();
  for (let i = 0; i < 40; i += 1) feed(series, [...there(50), ...gone(4)], 54 * i);
  feed(series, there(50), 54 * 40);
  const worst = Math.max(...feed(series, gone(6), 54 * 40 + 50).map(({ surprise }) => surprise));
  expect(worst).toBe(0);
});

test('nobody misses a series that is there every now and then', () => {
  const series = createMissing();
  const random = seededRandom(3);
  feed(
    series,
    Array.from({ length: 3000 }, () => (random() < 0.5 ? 1 : NaN)),
  );
  expect(feed(series, gone(120), 3000).every(({ surprise }) => surprise === 0)).toBe(true);
});

test.each(awkwardSeries(3000))('nothing is missed of a series that is %s', (_, values) => {
  const findings = feed(createMissing(), values);
  expect(findings.every(({ surprise }) => surprise >= 0 && surprise < 3)).toBe(true);
});
