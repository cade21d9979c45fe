import fc from 'fast-check';
import { createCounter, looksLikeGauge, observeCounter } from './counter.ts';

/** Increases of a counter that is looked at every 10 s, or at the given seconds. */
function increases(values: readonly number[], seconds?: readonly number[]): number[] {
  const counter = createCounter();
  return values.map((value, i) => observeCounter(counter, 1e12 + 1000 * (seconds?.[i] ?? 10 * i), value));
}

const NEAR_END = 2 ** 32 - 300;

test.each([
  ['rises by what it counted', [5, 7, 7, 12], [NaN, 2, 0, 5]],
  ['begins again after a reset, and what it has counted since counts', [100, 130, 4, 9], [NaN, 30, 4, 5]],
  ['that was reset to zero has risen by nothing', [100, 130, 0, 9], [NaN, 30, 0, 9]],
  ['of 32 bits goes round at its end', [NEAR_END - 400, NEAR_END, 100, 500], [NaN, 400, 400, 400]],
  [
    'near that end is reset, when going round would be far too fast',
    [NEAR_END - 10, NEAR_END, 250],
    [NaN, 10, 250],
  ],
  ['passes over what is no number', [5, NaN, 8, Infinity, -1, 10], [NaN, NaN, 3, NaN, NaN, 2]],
  ['beyond 2^53 cannot tell small steps, and invents none', [2 ** 53, 2 ** 53 + 1], [NaN, 0]],
])('a counter %s', (_, values, wanted) => {
  expect(increases(values)).toEqual(wanted);
});

test.each([
  ['late', [0, 10, 4, 20], [1, 2, 9, 5], [NaN, 1, NaN, 3]],
  ['a duplicate', [0, 10, 10, 20], [1, 2, 9, 5], [NaN, 1, NaN, 3]],
  ['from before the clock was set back', [10_000, 10_010, 0, 10], [1, 2, 3, 5], [NaN, 1, NaN, 2]],
])('a sample that is %s tells no increase', (_, seconds, values, wanted) => {
  expect(increases(values, seconds)).toEqual(wanted);
});

test('a gauge is found out after its third fall, and tells no increase from then on', () => {
  const counter = createCounter();
  const gauge = [10, 9, 11, 10, 12, 11, 13];
  const told = gauge.map((value, i) => observeCounter(counter, 1000 * i, value));
  expect(told).toEqual([NaN, 9, 2, 10, 2, NaN, NaN]);
  expect(looksLikeGauge(counter)).toBe(true);
});

test('a counter whose process restarts all the time is no gauge', () => {
  const counter = createCounter();
  for (let i = 0; i < 200; i += 1) observeCounter(counter, 1000 * i, i % 5);
  expect(looksLikeGauge(counter)).toBe(false);
});

test('a counter that was a gauge is believed again in time', () => {
  const counter = createCounter();
  for (let i = 0; i < 10; i += 1) observeCounter(counter, 1000 * i, 10 + (i % 2));
  expect(looksLikeGauge(counter)).toBe(true);
  for (let i = 10; i < 200; i += 1) observeCounter(counter, 1000 * i, i);
  expect(looksLikeGauge(counter)).toBe(false);
});

test('whatever comes, an increase is never negative, and without resets they add up', () => {
  const anything = fc.array(fc.oneof(fc.double(), fc.nat(100)), { maxLength: 50 });
  fc.assert(
    fc.property(anything, (values) => {
      for (const increase of increases(values)) expect(increase < 0).toBe(false);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 50 }), (steps) => {
      let value = 0;
      const values = steps.map((step) => (value += step));
      const total = increases(values)
        .slice(1)
        .reduce((sum, each) => sum + each, 0);
      expect(total).toBe(value - (values[0] ?? 0));
    }),
  );
});
