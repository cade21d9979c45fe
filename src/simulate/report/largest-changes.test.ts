import type { RecordedDecision } from '../simulation-run.ts';
import { largestChanges } from './largest-changes.ts';

const change = (at: number, to: number): RecordedDecision => ({ at, from: 10, to, why: 'x'.repeat(80) });

describe('the decisions that a page has room for', () => {
  const all = Array.from({ length: 1_000 }, (_, index) =>
    change(index * 60_000, index % 100 === 42 ? 30 : 11),
  );

  test('are all of them when there is room', () => {
    expect(largestChanges(all, 100_000)).toBe(all);
    expect(largestChanges([], 0)).toEqual([]);
  });

  test('are otherwise the largest of each stretch of time, in order, within the room', () => {
    const kept = largestChanges(all, 10_000);
    expect(kept.length).toBeLessThanOrEqual(100);
    expect(kept.length).toBeGreaterThan(90);
    expect(kept.filter(({ to }) => to === 30)).toHaveLength(10);
    expect(kept.map(({ at }) => at)).toEqual(kept.map(({ at }) => at).sort((a, b) => a - b));
  });

  test('are one at least', () => {
    expect(largestChanges(all, 1)).toEqual([all[42]]);
  });
});
