import fc from 'fast-check';
import { createSeriesRing, openCell, put, type SeriesRing } from '../series-ring.ts';
import { VOLATILITY_MINUTES, volatilityRatio } from './volatility.ts';

const MINUTE = 60_000;
const NOW = 28_000_000 * MINUTE + 30_000;

/** The demand of the last minutes, the newest last; NaN is a minute without any. */
function ringOf(values: readonly number[]): SeriesRing {
  const ring = createSeriesRing({ series: 1, slots: VOLATILITY_MINUTES, statistics: 1, stepMs: MINUTE });
  for (const [i, value] of values.entries()) {
    const at = NOW - (values.length - 1 - i) * MINUTE;
    put(ring, openCell(ring, 0, at, NOW), 0, value);
  }
  return ring;
}

const hour = (value: (minutesAgo: number) => number): number[] =>
  Array.from({ length: VOLATILITY_MINUTES }, (_, i) => value(VOLATILITY_MINUTES - 1 - i));

const sawtooth = (size: (minutesAgo: number) => number): number[] =>
  hour((ago) => 100 + (ago % 2) * size(ago));

test.each([
  ['1 for a demand that stands still', hour(() => 7), 1],
  ['1 for one that is equally rough all the time', sawtooth(() => 4), 1],
  ['1 for one that rises steadily', hour((ago) => 1000 - ago), 1],
  // Steps of 4 for 10 minutes and of 1 for 50: √16 ÷ √((10 × 16 + 50) ÷ 60).
  ['above 1 where it has become rough', sawtooth((ago) => (ago <= 10 ? 4 : 1)), 4 / Math.sqrt(210 / 60)],
  ['0 where it has become still', sawtooth((ago) => (ago <= 10 ? 0 : 1)), 0],
])('is %s', (_, values, wanted) => {
  expect(volatilityRatio(ringOf(values), 0, NOW)).toBeCloseTo(wanted, 2);
});

test.each([
  ['after half an hour less a minute', Array.from({ length: 30 }, (_, i) => i % 3)],
  ['with every second minute missing', hour((ago) => (ago % 2 === 0 ? 1 : NaN))],
  ['when the last ten minutes are missing', hour((ago) => (ago <= 10 ? NaN : ago % 3))],
  ['before there is anything', []],
])('is unknown %s', (_, values) => {
  expect(volatilityRatio(ringOf(values), 0, NOW)).toBeNaN();
});

test('does not depend on the unit of the demand', () => {
  const demand = fc.array(fc.integer({ min: 0, max: 1000 }), {
    minLength: VOLATILITY_MINUTES,
    maxLength: VOLATILITY_MINUTES,
  });
  fc.assert(
    fc.property(demand, (values) => {
      const once = volatilityRatio(ringOf(values), 0, NOW);
      const scaled = volatilityRatio(ringOf(values.map((value) => value * 4096)), 0, NOW);
      expect(scaled).toBeCloseTo(once, 9);
      // At most all of the hour's steps lie in its last ten minutes.
      expect(once).toBeGreaterThanOrEqual(0);
      expect(once).toBeLessThanOrEqual(Math.sqrt(60 / 10) + 1e-9);
    }),
  );
});
