import fc from 'fast-check';

import { rankedScore, rankedText, rankPolicies, RECENCY_MS, type RankedRecord } from './ranked.ts';

const NOW = 1_800_000_000_000;
const record = (change: Partial<RankedRecord> = {}): RankedRecord => ({
  successes: 0,
  failures: 0,
  priority: 0.5,
  usedAt: undefined,
  ...change,
});

describe('the score of a policy', () => {
  test.each([
    ['nothing known', {}, 0.5 * 0.5 + 0.3 * 0.5],
    ['always succeeded', { successes: 8 }, 0.5 * 0.9 + 0.3 * 0.5],
    ['always failed', { failures: 8 }, 0.5 * 0.1 + 0.3 * 0.5],
    ['used just now', { usedAt: NOW }, 0.25 + 0.15 + 0.2],
    ['used a day ago', { usedAt: NOW - RECENCY_MS }, 0.25 + 0.15 + 0.2 / Math.E],
    ['used in the future of a clock that stepped back', { usedAt: NOW + 1e9 }, 0.25 + 0.15 + 0.2],
    ['most important', { priority: 1 }, 0.25 + 0.3],
    ['more important than can be', { priority: 7 }, 0.25 + 0.3],
    ['of no priority that is a number', { priority: NaN }, 0.25],
    ['of numbers that are none', { successes: NaN, usedAt: NaN }, 0.25 + 0.15],
  ])('%s', (_, change, expected) => {
    expect(rankedScore(record(change), NOW).score).toBeCloseTo(expected, 12);
  });

  test('is told term by term, so that it can be added up', () => {
    const text = rankedText(rankedScore(record({ successes: 3, failures: 1, usedAt: NOW }), NOW));
    expect(text).toBe('0.5 × success rate 0.667 + 0.3 × priority 0.5 + 0.2 × recency 1 = 0.683');
  });

  test('is 0 … 1, and one more success never lowers it', () => {
    const count = fc.nat(1000);
    const priority = fc.double({ min: 0, max: 1, noNaN: true });
    const property = fc.property(count, count, priority, fc.nat(1e9), (successes, failures, stated, age) => {
      const one = record({ successes, failures, priority: stated, usedAt: NOW - age });
      const { score } = rankedScore(one, NOW);
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThan(1 + 1e-12);
      expect(rankedScore({ ...one, successes: successes + 1 }, NOW).score).toBeGreaterThanOrEqual(score);
    });
    fc.assert(property);
  });
});

test('ranking puts the best first, and of equal ones the first', () => {
  const records = [record(), record({ successes: 5 }), record(), record({ failures: 5 })];
  expect(rankPolicies(records, NOW)).toEqual([1, 0, 2, 3]);
  expect(rankPolicies([], NOW)).toEqual([]);
});
