import { steadyMedian } from './steady-median.ts';

/** The steady median after each of the measured ones; the first comes with the 33rd start. */
const follow = (from: number, measured: readonly number[]): number =>
  measured.reduce((steady, seconds, index) => steadyMedian(steady, seconds, 33 + index), from);

const times = (count: number, seconds: (index: number) => number): readonly number[] =>
  Array.from({ length: count }, (_, index) => seconds(index));

describe('the steady median', () => {
  test.each([
    ['is the measured one at first', undefined, 90, 3],
    ['is the measured one until the ring is full', 120, 90, 32],
    ['is the measured one when that is clearly another: more', 60, 85, 1000],
    ['is the measured one when that is clearly another: less', 60, 42, 1000],
  ])('%s', (_name, steady, measured, starts) => {
    expect(steadyMedian(steady, measured, starts)).toBe(measured);
  });

  test('stays within 4 % where the measured one swings by 20 %', () => {
    const swinging = times(500, (index) => 120 * (1 + 0.2 * Math.sin(index / 10)));
    const later = swinging.map((_, index) => follow(120, swinging.slice(0, index + 1))).slice(200);
    expect(Math.min(...later)).toBeGreaterThan(115);
    expect(Math.max(...later)).toBeLessThan(125);
  });

  test('arrives where the measured one stays, though the difference is slight', () => {
    expect(
      follow(
        100,
        times(400, () => 120),
      ),
    ).toBeCloseTo(120, 0);
  });
});
