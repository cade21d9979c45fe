import fc from 'fast-check';

import { WINDOW_MS, windowEnd } from './window-grid.ts';

describe('the grid of windows', () => {
  test('ends each window after now, and within its length', () => {
    const property = fc.property(fc.string(), fc.integer({ min: 0, max: 4e12 }), (uid, now) => {
      const end = windowEnd(uid, now);
      expect(end).toBeGreaterThan(now);
      expect(end - now).toBeLessThanOrEqual(WINDOW_MS);
      expect(windowEnd(uid, end)).toBe(end + WINDOW_MS);
    });
    fc.assert(property);
  });

  test('spreads policies over the half hour', () => {
    const minutes = new Set(
      Array.from({ length: 300 }, (_, index) => Math.floor(windowEnd(`uid-${index}`, 0) / 60_000)),
    );
    expect(minutes.size).toBeGreaterThan(25);
  });
});
