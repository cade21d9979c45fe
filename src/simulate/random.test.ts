import { gamma, lognormal, normal, poisson, randomStream, seededRandom } from './random.ts';

function moments(draw: () => number, count: number): { mean: number; variance: number } {
  const values = Array.from({ length: count }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1) };
}

function poissonProbability(mean: number, k: number): number {
  let logarithm = -mean;
  for (let i = 1; i <= k; i += 1) logarithm += Math.log(mean / i);
  return Math.exp(logarithm);
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

  it.each([3, 12, 80, 2000])('with mean %d have the distribution, not only its moments', (mean) => {
    const random = seededRandom(12);
    const draws = 40_000;
    const counts = new Map<number, number>();
    for (let i = 0; i < draws; i += 1) {
      const value = poisson(mean, random);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    let below = 0;
    let drawnBelow = 0;
    let largest = 0;
    for (let k = 0; k < mean + 8 * Math.sqrt(mean); k += 1) {
      below += poissonProbability(mean, k);
      drawnBelow += (counts.get(k) ?? 0) / draws;
      largest = Math.max(largest, Math.abs(below - drawnBelow));
    }
    // Kolmogorov and Smirnov: beyond 1.63 ÷ √n once in a hundred samples of the true distribution.
    expect(largest).toBeLessThan(1.63 / Math.sqrt(draws));
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

describe('gamma numbers', () => {
  it.each([0.3, 1, 7, 400])('of shape %d have that mean and that variance', (shape) => {
    const random = seededRandom(6);
    const drawn = moments(() => gamma(shape, random), 40_000);
    expect(Math.abs(drawn.mean / shape - 1)).toBeLessThan(0.05);
    expect(Math.abs(drawn.variance / shape - 1)).toBeLessThan(0.1);
  });

  it.each([0, -1, NaN, Infinity])('refuse a shape of %d', (shape) => {
    expect(() => gamma(shape, seededRandom(1))).toThrow(/shape must be finite/);
  });
});

describe('lognormal numbers', () => {
  it('lie below the median half of the time, and spread as asked', () => {
    const random = seededRandom(9);
    const logarithms = moments(() => Math.log(lognormal(20, 0.4, random) / 20), 20_000);
    expect(logarithms.mean).toBeCloseTo(0, 1);
    expect(Math.sqrt(logarithms.variance)).toBeCloseTo(0.4, 1);
  });
});

describe('a stream for a purpose', () => {
  it('repeats for the same seed and purpose, and differs for another of either', () => {
    const first = (seed: number, purpose: string): number => randomStream(seed, purpose)();
    expect(first(1, 'arrivals')).toBe(first(1, 'arrivals'));
    expect(first(1, 'arrivals')).not.toBe(first(2, 'arrivals'));
    expect(first(1, 'arrivals')).not.toBe(first(1, 'startup'));
  });
});
