import { normalQuantile } from './normal-quantile.ts';

/** Reference values of the standard normal distribution. */
test.each([
  [0.5, 0],
  [0.95, 1.6448536269514722],
  [0.975, 1.959963984540054],
  [0.99, 2.3263478740408408],
  [0.999999, 4.753424308822899],
  [0.02, -2.053748910631823],
  [0.025, -1.959963984540054],
])('the quantile at %d is %d', (p, z) => {
  expect(normalQuantile(p)).toBeCloseTo(z, 7);
  expect(normalQuantile(1 - p)).toBeCloseTo(-z, 7);
});

test.each([
  [0, -Infinity],
  [1, Infinity],
  [-0.1, NaN],
  [1.1, NaN],
  [NaN, NaN],
])('the quantile at %d is %d', (p, z) => {
  expect(normalQuantile(p)).toBe(z);
});
