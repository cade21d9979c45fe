import { seededRandom, gamma, poisson } from '../../../simulate/random.ts';
import { countPValue, createCountRate, expectedCount, learnCount } from './count-rate.ts';

const PRIOR = { count: 0.5, seconds: 30 };
const SECONDS = 15;
const DAY = 5760;

/** Share of the intervals of a fortnight with p below each level, over that level: 1 is perfect, below 1 careful. */
function calibration({ mean, size, swing }: { mean: number; size?: number; swing?: number }): number[] {
  const random = seededRandom(7);
  const rate = createCountRate();
  let hits = [0, 0, 0];
  const levels = [1e-2, 1e-3, 1e-4];
  let judged = 0;
  for (let index = 0; index < 14 * DAY; index += 1) {
    const now = mean * (1 + (swing ?? 0) * Math.sin((2 * Math.PI * index) / DAY));
    const count = poisson(size === undefined ? now : (now / size) * gamma(size, random), random);
    if (index >= 240) {
      judged += 1;
      const p = countPValue(rate, PRIOR, count, SECONDS);
      hits = hits.map((hit, at) => hit + Number(p <= (levels[at] ?? 0)));
    }
    learnCount(rate, PRIOR, { count, seconds: SECONDS, baseline: index < 20, harmless: 10 });
  }
  return levels.map((level, at) => (hits[at] ?? 0) / judged / level);
}

test.each([
  ['a Poisson source that is seldom heard', { mean: 0.2 }],
  ['a Poisson source', { mean: 5 }],
  ['a source that scatters more than chance', { mean: 2, size: 1 }],
  ['a busy one', { mean: 20, size: 2 }],
  ['one that is silent, and now and then fails several times at once', { mean: 0.1, size: 0.05 }],
  ['one with a day and a night', { mean: 5, size: 2, swing: 0.8 }],
])('p-values say how often a count comes: %s', (_name, source) => {
  for (const ratio of calibration(source)) expect(ratio).toBeLessThan(4);
});

test('a source that nothing is known of has the rate of its prior, and soon its own', () => {
  const rate = createCountRate();
  expect(expectedCount(rate, PRIOR, SECONDS)).toBeCloseTo(0.25, 9);
  for (let index = 0; index < 1000; index += 1) {
    learnCount(rate, PRIOR, { count: 8, seconds: SECONDS, baseline: false, harmless: 10 });
  }
  expect(expectedCount(rate, PRIOR, SECONDS)).toBeCloseTo(8, 1);
});

test('longer intervals expect more', () => {
  const rate = createCountRate();
  learnCount(rate, PRIOR, { count: 100, seconds: 1000, baseline: true, harmless: 10 });
  expect(expectedCount(rate, PRIOR, 20) / expectedCount(rate, PRIOR, 10)).toBeCloseTo(2, 9);
});

test('a burst beyond the baseline teaches a part of itself', () => {
  const rate = createCountRate();
  learnCount(rate, PRIOR, { count: 10_000, seconds: SECONDS, baseline: false, harmless: 10 });
  expect(rate.count).toBeLessThanOrEqual(10);
});
