import { mean, median, quantileOfSorted, shareOf } from './statistics.ts';

describe('statistics over traces', () => {
  const cases: [string, number[], number, number][] = [
    ['the middle one of three', [1, 2, 10], 0.5, 2],
    ['half way between the middle two of four', [1, 2, 4, 10], 0.5, 3],
    ['the only one there is', [7], 0.975, 7],
    ['the smallest', [1, 2, 3], 0, 1],
    ['the largest', [1, 2, 3], 1, 3],
    ['a quarter of the way between neighbours', [0, 4], 0.25, 1],
    ['infinite where both neighbours are', [1, Infinity, Infinity], 0.75, Infinity],
  ];
  test.each(cases)('a quantile is %s', (_, sorted, level, expected) => {
    expect(quantileOfSorted(sorted, level)).toBe(expected);
  });

  test('the median does not need its values in order and leaves them as they were', () => {
    const values = [10, 1, 2];
    expect(median(values)).toBe(2);
    expect(values).toEqual([10, 1, 2]);
  });

  test('mean and share count every value', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(shareOf([1, 2, 6, 7], (value) => value > 5)).toBe(0.5);
  });

  test('nothing has no median, mean or share', () => {
    expect(() => median([])).toThrow(RangeError);
    expect(() => mean([])).toThrow(RangeError);
    expect(() => shareOf([], () => true)).toThrow(RangeError);
  });
});
