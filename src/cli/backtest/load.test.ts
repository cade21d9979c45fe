import { firstDays, gapSeconds } from './load.ts';

const of = (...minutes: number[]): Float64Array => Float64Array.from(minutes, (minute) => minute * 60_000);

describe('gaps in a trace', () => {
  test.each([
    ['none', of(0, 1, 2, 3), 0],
    ['two missing samples', of(0, 1, 2, 5, 6, 7), 120],
    ['a sample that came late', of(0, 1, 2.4, 3, 4), 0],
    ['two gaps', of(0, 1, 3, 4, 5, 7, 8), 120],
  ])('are what intervals have beyond the usual one: %s', (_, times, seconds) => {
    expect(gapSeconds({ times, values: times })).toBe(seconds);
  });
});

test('the first days of a load are in shared memory, and the rest is left out', () => {
  const load = {
    name: 'a',
    group: 'g',
    source: 'a.csv',
    skippedRows: 0,
    times: of(0, 720, 1440, 1441),
    values: of(1, 2, 3, 4),
  };
  const cut = firstDays(load, 1);
  expect([...cut.times]).toEqual([...of(0, 720, 1440)]);
  expect([...cut.values]).toEqual([...of(1, 2, 3)]);
  expect(cut.times.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(firstDays(load, 21).times).toHaveLength(4);
});
