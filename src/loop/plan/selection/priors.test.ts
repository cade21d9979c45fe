import fc from 'fast-check';

import { hierarchicalBelief } from './priors.ts';

const level = (mean: number, weight: number) => ({ mean, variance: 0.01, weight });

describe('what is believed of an arm', () => {
  test('is nothing where no level knows anything', () => {
    expect(hierarchicalBelief([])).toBeUndefined();
    expect(hierarchicalBelief([level(0.5, 0), level(NaN, 3), level(2, 3)])).toBeUndefined();
  });

  test.each([
    ['of a new workload is what its class says', [level(0.2, 100), level(0.8, 50), level(0.1, 0)], 0.7],
    ['of a known workload is mostly its own', [level(0.2, 100), level(0.8, 50), level(0.1, 90)], 0.16],
    ['of a new class is what the cluster says', [level(0.2, 100)], 0.2],
  ])('%s', (_, levels, mean) => {
    expect(hierarchicalBelief(levels)!.mean).toBeCloseTo(mean, 12);
  });

  test('what a wider level counts is no more than it has seen', () => {
    const { mean, weight } = hierarchicalBelief([level(0.2, 1), level(0.8, 3)])!;
    expect(mean).toBeCloseTo(0.65, 12);
    expect(weight).toBe(4);
  });

  test('lies between what the levels say', () => {
    const some = fc.record({
      mean: fc.double({ min: 0, max: 1, noNaN: true }),
      variance: fc.double({ min: 0, max: 0.25, noNaN: true }),
      weight: fc.double({ min: 0.01, max: 1e6, noNaN: true }),
    });
    const property = fc.property(fc.array(some, { minLength: 1, maxLength: 5 }), (levels) => {
      const { mean, variance, weight } = hierarchicalBelief(levels)!;
      const means = levels.map((one) => one.mean);
      expect(mean).toBeGreaterThanOrEqual(Math.min(...means) - 1e-9);
      expect(mean).toBeLessThanOrEqual(Math.max(...means) + 1e-9);
      expect(variance).toBeGreaterThanOrEqual(0);
      expect(weight).toBeGreaterThan(0);
    });
    fc.assert(property);
  });
});
