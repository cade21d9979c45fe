import { normal, poisson, seededRandom } from './random.ts';

function moments(draw: () => number, count: number): { mean: number; variance: number } {
  const values = Array.from({ length: count }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1) };
}

describe('the seeded generator', () => {
  it('repeats itself for the same seed and differs for another', () => {
    const first = seededRandom(7);
    const second = seededRandom(7);
    const draws = Array.from({ length: 5 }, first);
    expect(Array.from({ length: 5 }, second)).toEqual(draws);
    expect(Array.from({ length: 5 }, seededRandom(8))).not.toEqual(draws);
  });

  it('is uniform between 0 and 1', () => {
    const { mean, variance } = moments(seededRandom(3), 50_000);
    expect(mean).toBeCloseTo(0.5, 2);
    expect(variance).toBeCloseTo(1 / 12, 2);
  });
});

describe('Poisson arrivals', () => {
  it.each([0.4, 12, 400, 3000])('with mean %d have that mean and that variance', (mean) => {
    const random = seededRandom(11);
    const drawn = moments(() => poisson(mean, random), 5000);
    expect(Math.abs(drawn.mean / mean - 1)).toBeLessThan(0.08);
    expect(Math.abs(drawn.variance / mean - 1)).toBeLessThan(0.15);
  });

  it('of mean 0 never come', () => {
    expect(poisson(0, seededRandom(1))).toBe(0);
  });

  it.each([-1, NaN, Infinity])('refuse a mean of %d', (mean) => {
    expect(() => poisson(mean, seededRandom(1))).toThrow(/mean must be finite/);
  });
});

describe('normal numbers', () => {
  it('have mean 0 and variance 1', () => {
    const random = seededRandom(5);
    const drawn = moments(() => normal(random), 50_000);
    expect(drawn.mean).toBeCloseTo(0, 1);
    expect(drawn.variance).toBeCloseTo(1, 1);
  });
});
