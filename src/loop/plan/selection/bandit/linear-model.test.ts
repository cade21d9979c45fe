import fc from 'fast-check';

import { normal, seededRandom } from '../../../../simulate/random.ts';
import { createLinearModel, estimateLinear, learnLinear, type LinearModel } from './linear-model.ts';

const at = (model: LinearModel, arm: number, ...features: readonly number[]) =>
  estimateLinear(model, arm, { features: Float64Array.from(features), out: { mean: 0, deviation: 0 } });

const learn = (model: LinearModel, arm: number, features: readonly number[], residual: number): boolean =>
  learnLinear(model, { arm, features: Float64Array.from(features), residual });

describe('the line of an arm', () => {
  test('expects nothing before anything came, and knows the least where the features are largest', () => {
    const model = createLinearModel({ arms: 2, features: 3 });
    expect(at(model, 0, 1, 0, 0).mean).toBe(0);
    expect(at(model, 0, 1, 2, 2).deviation).toBeCloseTo(3 * at(model, 0, 1, 0, 0).deviation, 6);
  });

  test('finds the coefficients, of each arm its own', () => {
    const random = seededRandom(3);
    const model = createLinearModel({ arms: 2, features: 3, memory: 1 });
    const truth = [
      [0.2, -0.1, 0.3],
      [-0.2, 0.4, 0],
    ];
    for (let i = 0; i < 2000; i += 1) {
      const features = [1, normal(random), normal(random)];
      const arm = i % 2;
      const mean = features.reduce((sum, value, place) => sum + value * truth[arm]![place]!, 0);
      learn(model, arm, features, mean + 0.1 * normal(random));
    }
    for (const arm of [0, 1]) {
      for (const [place, expected] of truth[arm]!.entries()) {
        const unit = [0, 0, 0].map((_, i) => Number(i === place));
        const { mean, deviation } = at(model, arm, ...unit);
        expect(Math.abs(mean - expected)).toBeLessThan(0.02);
        // 0.1 ÷ √1000
        expect(deviation).toBeGreaterThan(0.002);
        expect(deviation).toBeLessThan(0.005);
      }
    }
  });

  test('is ridge regression: the same as solving its normal equations', () => {
    const number = fc.double({ min: -2, max: 2, noNaN: true });
    const pairs = fc.array(fc.tuple(number, fc.double({ min: -1, max: 1, noNaN: true })), { maxLength: 40 });
    const property = fc.property(pairs, number, (seen, x) => {
      const model = createLinearModel({ arms: 1, features: 2, memory: 1 });
      for (const [value, residual] of seen) learn(model, 0, [1, value], residual);
      // (I + Σ f fᵀ)⁻¹ Σ f r, of two features by hand.
      const sum = (term: (value: number, residual: number) => number): number =>
        seen.reduce((total, [value, residual]) => total + term(value, residual), 0);
      const [a, b, c] = [1 + seen.length, sum((v) => v), 1 + sum((v) => v * v)];
      const [p, q] = [sum((_, r) => r), sum((v, r) => v * r)];
      const determinant = a * c - b * b;
      const expected = (c * p - b * q + x * (a * q - b * p)) / determinant;
      const variance = (c - 2 * b * x + a * x * x) / determinant;
      const { mean, deviation } = at(model, 0, 1, x);
      expect(Math.abs(mean - expected)).toBeLessThan(1e-4);
      const again = at(model, 0, 1, 0).deviation ** 2 / (c / determinant);
      expect(Math.abs(deviation ** 2 - variance * again)).toBeLessThan(1e-4 * (1 + variance));
    });
    fc.assert(property);
  });

  test('that forgets follows what has changed, and stays sound for a hundred thousand rewards', () => {
    const random = seededRandom(4);
    const model = createLinearModel({ arms: 2, features: 4, memory: 0.99 });
    for (let i = 0; i < 100_000; i += 1) {
      // The second feature never moves alone: without the ridge given back it would be lost.
      const features = [1, 1, normal(random), 0];
      learn(model, i % 2, features, i < 50_000 ? 0.3 : -0.3);
    }
    const { mean, deviation } = at(model, 0, 1, 1, 0, 0);
    expect(Math.abs(mean + 0.3)).toBeLessThan(0.02);
    expect(deviation).toBeGreaterThan(0);
    // What never comes, and what never comes alone, is known as little as at first.
    const unknown = at(model, 0, 0, 0, 0, 1).deviation;
    expect(unknown).toBeGreaterThan(3 * deviation);
    expect(at(model, 0, 1, -1, 0, 0).deviation).toBeGreaterThan(unknown / 2);
    expect(at(model, 0, 1, -1, 0, 0).deviation).toBeLessThan(3 * unknown);
    expect(model.roots.every(Number.isFinite)).toBe(true);
  });

  test('of an arm that is not chosen is known less and less, but never less than at first', () => {
    const model = createLinearModel({ arms: 2, features: 2, memory: 0.9 });
    for (let i = 0; i < 20; i += 1) learn(model, 0, [1, 0], 0.1);
    const fresh = at(model, 0, 1, 0).deviation;
    for (let i = 0; i < 10; i += 1) learn(model, 1, [1, 0], 0.1);
    const stale = at(model, 0, 1, 0).deviation;
    for (let i = 0; i < 10_000; i += 1) learn(model, 1, [1, 0], 0.1);
    const old = at(model, 0, 1, 0).deviation;
    expect(stale).toBeGreaterThan(fresh);
    expect(old).toBeGreaterThan(stale);
    expect(old).toBeLessThan(0.2);
  });

  test('of an arm that was not chosen for years begins anew', () => {
    const model = createLinearModel({ arms: 2, features: 3 });
    const first = at(model, 0, 1, 1, 1).deviation;
    for (let i = 0; i < 50; i += 1) learn(model, 0, [1, 0, 0.5], 0.3);
    model.step += 10_000_000;
    expect(at(model, 0, 1, 1, 1).deviation).toBeLessThan(2 * first);
    learn(model, 0, [1, 0, 0], 0.2);
    const { mean, deviation } = at(model, 0, 1, 0, 0);
    // One reward beside a ridge of 1.
    expect(mean).toBeCloseTo(0.1, 6);
    expect(deviation).toBeLessThan(first);
    expect(model.roots.every(Number.isFinite)).toBe(true);
  });

  test.each([
    ['a residual that is no number', 0, [1, 0], NaN],
    ['a feature that is no number', 0, [1, NaN], 0.1],
    ['too few features', 0, [1], 0.1],
    ['an arm that is not there', 2, [1, 0], 0.1],
  ])('refuses %s and stays as it was', (_, arm, features, residual) => {
    const model = createLinearModel({ arms: 2, features: 2 });
    const before = structuredClone(model);
    expect(learn(model, arm, features, residual)).toBe(false);
    expect(model).toEqual(before);
  });

  test.each([
    ['no features', { features: 0 }],
    ['too many features', { features: 33 }],
    ['a ridge of nothing', { ridge: 0 }],
    ['a memory of more than all', { memory: 1.1 }],
  ])('cannot be made with %s', (_, change) => {
    expect(() => createLinearModel({ arms: 2, features: 2, ...change })).toThrow(RangeError);
  });
});
