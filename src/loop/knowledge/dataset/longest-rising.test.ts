import fc from 'fast-check';
import { longestRising } from './longest-rising.ts';

/** The length by its definition, in quadratic time. */
function longestLength(times: readonly number[]): number {
  const lengths: number[] = [];
  for (const [index, time] of times.entries()) {
    const before = lengths.filter((_, other) => other < index && (times[other] ?? Infinity) < time);
    lengths.push(1 + Math.max(0, ...before));
  }
  return Math.max(0, ...lengths);
}

describe('the longest rising subsequence', () => {
  it.each([
    [[], []],
    [[5], [0]],
    [
      [1, 2, 3],
      [0, 1, 2],
    ],
    [[3, 2, 1], [2]],
    [
      [1, 9, 2, 3],
      [0, 2, 3],
    ],
    [
      [1, 1, 2, 2],
      [0, 2],
    ],
  ])('of %j is at %j', (times, kept) => {
    expect(longestRising(times)).toEqual(kept);
  });

  it('rises strictly and is as long as one can be', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 30 }), (times) => {
        const kept = longestRising(times);
        const rising = kept.map((index) => times[index] ?? Number.NaN);
        expect(kept).toEqual([...new Set(kept)].toSorted((a, b) => a - b));
        expect(rising).toEqual([...new Set(rising)].toSorted((a, b) => a - b));
        expect(kept).toHaveLength(longestLength(times));
      }),
    );
  });
});
