import fc from 'fast-check';
import {
  keepDirection,
  MAX_REPLICAS,
  saturatingCeil,
  toMilli,
  withinTolerance,
} from './replica-arithmetic.ts';

describe('saturatingCeil', () => {
  test.each([
    [0, 0],
    [-0, 0],
    [-5, 0],
    [-Infinity, 0],
    [5e-324, 1],
    [1, 1],
    [1.000001, 2],
    [2.999999999999999, 3],
    [0.9 / 0.3, 3],
    [1.1 * 10, 11],
    [MAX_REPLICAS - 1, MAX_REPLICAS - 1],
    [MAX_REPLICAS, MAX_REPLICAS],
    [MAX_REPLICAS + 1, MAX_REPLICAS],
    [1e308, MAX_REPLICAS],
    [Infinity, MAX_REPLICAS],
  ])('of %p is %p', (value, expected) => {
    expect(saturatingCeil(value)).toBe(expected);
  });

  it('refuses NaN, since unknown is neither few nor many', () => {
    expect(() => saturatingCeil(NaN)).toThrow(RangeError);
  });

  it('gives back every count that a decimal fraction stands for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 100_000 }),
        (count, thousandths) => {
          const target = thousandths / 1000;
          return saturatingCeil((count * thousandths) / 1000 / target) === count;
        },
      ),
    );
  });
});

describe('toMilli', () => {
  test.each([
    [0, 0],
    [0.07, 70],
    [2.05, 2050],
    [0.0001, 1],
    [0.0011, 2],
    [-1, 0],
    [1e308, 2 ** 63],
  ])('of %p is %p', (value, expected) => {
    expect(toMilli(value)).toBe(expected);
  });

  it('is exact for every number of thousandths', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 46 }), (milli) => toMilli(milli / 1000) === milli));
  });
});

describe('withinTolerance', () => {
  test.each([
    [1.1, true],
    [1.11, false],
    [0.8, true],
    [0.79, false],
  ])('with 10 %% up and 20 %% down, a ratio of %p is %p', (ratio, expected) => {
    expect(withinTolerance(ratio, { up: 0.1, down: 0.2 })).toBe(expected);
  });

  it('is always true on target, even for a tolerance below 0', () => {
    expect(withinTolerance(1, { up: -1, down: -1 })).toBe(true);
  });
});

describe('keepDirection', () => {
  test.each([
    [1.5, 2, 5, 5],
    [1.5, 8, 5, 8],
    [0.5, 8, 5, 5],
    [0.5, 2, 5, 2],
    [1, 2, 5, 5],
  ])('at a ratio of %p, %p wanted of %p is %p', (ratio, wanted, current, expected) => {
    expect(keepDirection(ratio, wanted, current)).toBe(expected);
  });
});
