import { awkwardSeries } from '../../../../../test/support/awkward-series.ts';
import { normal, seededRandom } from '../../../../simulate/random.ts';
import { createFlatLine, observeFlatLine, type FlatLine } from './flat-line.ts';

const MINUTE = 60_000;

function feed(flat: FlatLine, values: readonly number[], from = 0): { surprise: number; since: number }[] {
  return values.map((value, i) => observeFlatLine(flat, value, (from + i) * MINUTE));
}

function lively(minutes: number): number[] {
  const random = seededRandom(1);
  return Array.from({ length: minutes }, () => 100 + 5 * normal(random));
}

test('a lively series that stands still is surprising within a quarter of an hour, and since when is told', () => {
  const flat = createFlatLine();
  feed(flat, lively(300));
  const still = feed(flat, new Array<number>(20).fill(7), 300);
  expect(still[2]?.surprise).toBeLessThan(1);
  expect(still[16]?.surprise).toBeGreaterThan(4);
  expect(still.at(-1)?.since).toBe(300 * MINUTE);
});

test('what moves again is not surprising', () => {
  const flat = createFlatLine();
  feed(flat, lively(300));
  feed(flat, new Array<number>(30).fill(7), 300);
  expect(feed(flat, [8], 330)[0]?.surprise).toBe(0);
});

test('a reported stand-still does not become usual', () => {
  const flat = createFlatLine();
  feed(flat, lively(300));
  feed(flat, new Array<number>(60).fill(7), 300);
  feed(flat, lively(100), 360);
  expect(feed(flat, new Array<number>(20).fill(9), 460).at(-1)?.surprise).toBeGreaterThan(4);
});

test('a series that often stands still for ten minutes may do so', () => {
  const flat = createFlatLine();
  const random = seededRandom(2);
  const steps = Array.from({ length: 100 }, () =>
    new Array<number>(1 + Math.floor(4 * random())).fill(random()),
  );
  feed(flat, [...steps.flat(), ...new Array<number>(10).fill(3)]);
  expect(feed(flat, new Array<number>(5).fill(3), 1000).at(-1)?.surprise).toBeLessThan(4);
});

test('unknown minutes neither end a stand-still nor prolong it', () => {
  const flat = createFlatLine();
  feed(flat, lively(300));
  const before = feed(flat, new Array<number>(8).fill(7), 300).at(-1);
  expect(feed(flat, [NaN], 308)[0]?.surprise).toBeNaN();
  expect(feed(flat, [7], 309)[0]?.surprise).toBeGreaterThan(before?.surprise ?? NaN);
});

test.each(awkwardSeries(3000))('nothing is reported of a series that is %s', (_, values) => {
  const findings = feed(createFlatLine(), values);
  expect(findings.filter(({ surprise }) => surprise > 3)).toEqual([]);
});
