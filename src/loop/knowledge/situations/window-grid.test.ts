import fc from 'fast-check';

import { USUAL_WINDOW_SECONDS, windowEnd } from './window-grid.ts';

const WINDOW_MS = 1000 * USUAL_WINDOW_SECONDS;

describe('the grid of windows', () => {
  test('ends each window after now, and within its length', () => {
    const property = fc.property(fc.string(), fc.integer({ min: 0, max: 4e12 }), (uid, now) => {
      const end = windowEnd(uid, now, WINDOW_MS);
      expect(end).toBeGreaterThan(now);
      expect(end - now).toBeLessThanOrEqual(WINDOW_MS);
      expect(windowEnd(uid, end, WINDOW_MS)).toBe(end + WINDOW_MS);
    });
    fc.assert(property);
  });

  test('spreads policies over the half hour', () => {
    const minutes = new Set(
      Array.from({ length: 300 }, (_, index) => Math.floor(windowEnd(`uid-${index}`, 0, WINDOW_MS) / 60_000)),
    );
    expect(minutes.size).toBeGreaterThan(25);
  });
});
