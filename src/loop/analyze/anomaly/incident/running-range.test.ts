import { createRunningRange, observeRange } from './running-range.ts';

test.each([
  ['the first value is in its own range', [7], 0],
  ['a value within the range is 0 outside', [0, 10, 5], 0],
  ['a value above is outside by a share of the range', [0, 10, 15], 0.5],
  ['a value below likewise', [0, 10, -20], 2],
  ['a second one as large is no longer outside', [0, 10, 15, 15], 0],
  ['with equal values so far there is no range to measure by', [3, 3, 9], 0],
])('%s', (_, values, expected) => {
  const range = createRunningRange();
  let last = NaN;
  for (const value of values) last = observeRange(range, value);
  expect(last).toBe(expected);
});
