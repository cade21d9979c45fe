import { coveredShare } from './coverage.ts';

const LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975];

test.each([
  ['within', 5, [1, 2, 4, 6, 8], 1],
  ['below', 1.5, [1, 2, 4, 6, 8], 0],
  ['above', 7, [1, 2, 4, 6, 8], 0],
  ['far above', 9, [1, 2, 4, 6, 8], 0],
  ['on the lower end', 2, [1, 2, 4, 6, 8], 1],
  ['on the upper end', 6, [1, 2, 4, 6, 8], 1],
  ['on a level outside', 1, [1, 2, 4, 6, 8], 0],
  ['within rounding of the lower end', 2 - 1e-7, [1, 2, 4, 6, 8], 1],
  ['equal to all quantiles: uniform over everything', 3, [3, 3, 3, 3, 3], 0.8],
  ['zero as all quantiles are', 0, [0, 0, 0, 0, 0], 0.8],
  ['equal to all up to the median: uniform from 0 to 0.5', 0, [0, 0, 0, 6, 8], 0.8],
  ['equal to all up to the lower end: uniform from 0 to 0.1', 0, [0, 0, 4, 6, 8], 0],
  ['equal to those within', 4, [1, 4, 4, 4, 8], 1],
])('an outcome %s', (_what, outcome, quantiles, expected) => {
  expect(coveredShare(outcome, quantiles, LEVELS, [0.1, 0.9])).toBeCloseTo(expected, 9);
});
