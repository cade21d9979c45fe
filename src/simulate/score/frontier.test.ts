import fc from 'fast-check';
import { undominated, type Tradeoff } from './frontier.ts';

const point = (costOverOracle: number, badRequestShare: number): Tradeoff => ({
  costOverOracle,
  badRequestShare,
});

describe('the frontier between cost and slow requests', () => {
  test('leaves out whom another beats in one and equals in the other', () => {
    const points = [point(1.4, 0.01), point(2, 0.001), point(2, 0.005), point(1.5, 0.02), point(3, 0.001)];
    expect(undominated(points)).toEqual([point(2, 0.001), point(1.4, 0.01)]);
  });

  test('keeps both of two equals', () => {
    expect(undominated([point(1, 0.01), point(1, 0.01)])).toHaveLength(2);
  });

  test('keeps exactly those that no other beats', () => {
    const coordinate = fc.integer({ min: 1, max: 6 });
    const points = fc.array(fc.record({ costOverOracle: coordinate, badRequestShare: coordinate }));
    const beats = (a: Tradeoff, b: Tradeoff): boolean =>
      a.costOverOracle <= b.costOverOracle &&
      a.badRequestShare <= b.badRequestShare &&
      (a.costOverOracle < b.costOverOracle || a.badRequestShare < b.badRequestShare);
    fc.assert(
      fc.property(points, (all) => {
        const kept = new Set(undominated(all));
        for (const one of all) expect(kept.has(one)).toBe(!all.some((other) => beats(other, one)));
      }),
    );
  });
});
