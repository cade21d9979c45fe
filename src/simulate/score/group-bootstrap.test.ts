import fc from 'fast-check';
import { medianInterval95 } from './group-bootstrap.ts';
import { median } from './statistics.ts';

describe('the 95 % interval of a median over groups of traces', () => {
  test('is unknown with a single group, however many traces that has', () => {
    expect(medianInterval95([[1, 2, 3, 4, 5, 6, 7]], 1)).toBeUndefined();
    expect(medianInterval95([], 1)).toBeUndefined();
  });

  test('is the same for the same seed', () => {
    const groups = [[1, 2], [5, 3], [4]];
    expect(medianInterval95(groups, 7)).toEqual(medianInterval95(groups, 7));
  });

  test('reaches from one group to the other when there are two', () => {
    expect(medianInterval95([[1], [9]], 1)).toEqual([1, 9]);
  });

  test('is wider when traces come from few origins than when each has its own', () => {
    const values = Array.from({ length: 24 }, (_, index) => index);
    const alone = medianInterval95(
      values.map((value) => [value]),
      1,
    )!;
    const together = medianInterval95([values.slice(0, 8), values.slice(8, 16), values.slice(16)], 1)!;
    expect(together[1] - together[0]).toBeGreaterThan(alone[1] - alone[0]);
  });

  test('covers the order statistics that the binomial interval of a median names', () => {
    // 25 independent values: P(7th < median < 19th) = 1 - 2 · P(Binomial(25, 1/2) <= 6) = 0.985.
    const values = Array.from({ length: 25 }, (_, index) => [index + 1]);
    const [low, high] = medianInterval95(values, 3)!;
    expect(low).toBeGreaterThanOrEqual(7);
    expect(low).toBeLessThanOrEqual(10);
    expect(high).toBeGreaterThanOrEqual(16);
    expect(high).toBeLessThanOrEqual(19);
  });

  test('lies within the values and is in order', () => {
    const groups = fc.array(
      fc.array(fc.double({ min: 0.5, max: 20, noNaN: true }), { minLength: 1, maxLength: 4 }),
      {
        minLength: 2,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(groups, fc.integer(), (all, seed) => {
        const [low, high] = medianInterval95(all, seed)!;
        const flat = all.flat();
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(Math.min(...flat));
        expect(high).toBeLessThanOrEqual(Math.max(...flat));
      }),
      { numRuns: 15 },
    );
  });

  test('contains the median itself for values that spread evenly', () => {
    const groups = Array.from({ length: 9 }, (_, index) => [index, index + 0.5]);
    const [low, high] = medianInterval95(groups, 1)!;
    expect(low).toBeLessThan(median(groups.flat()));
    expect(high).toBeGreaterThan(median(groups.flat()));
  });
});
