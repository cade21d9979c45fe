import { createCumulativeSum, observeSum } from './cumulative-sum.ts';

test.each([
  ['residuals within the allowance add nothing', [0.5, -0.5, 0.4, 0], 0],
  ['a residual adds what exceeds the allowance', [1.5], 1],
  ['one residual adds at most 3.5', [1000], 3.5],
  ['a shift down counts as one up', [-2, -2], 0.98 * 1.5 + 1.5],
  ['what was added leaks by 2 % and the allowance', [4, 0], 0.98 * 3.5 - 0.5],
])('%s', (_, residuals, expected) => {
  const sum = createCumulativeSum();
  let last = NaN;
  for (const z of residuals) last = observeSum(sum, z);
  expect(last).toBeCloseTo(expected, 12);
});

test('opposite residuals do not add up', () => {
  const sum = createCumulativeSum();
  let largest = 0;
  for (let i = 0; i < 100; i++) largest = Math.max(largest, observeSum(sum, i % 2 === 0 ? 2 : -2));
  expect(largest).toBeLessThanOrEqual(1.5);
});
