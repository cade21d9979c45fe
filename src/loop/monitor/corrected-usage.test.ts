import fc from 'fast-check';
import { correctedUsage } from './corrected-usage.ts';

describe('usage corrected for throttling', () => {
  test.each<[string, number, number | undefined, number | undefined, number]>([
    ['is the usage itself when nothing was held back', 0.8, 0, 1, 0.8],
    ['is the usage itself when nobody knows', 0.8, undefined, 1, 0.8],
    ['is larger by what was held back', 0.8, 0.2, 1, 1],
    ['is at most twice the usage', 1, 0.97, 1, 2],
    ['believes no share that the usage contradicts', 0.1, 0.9, 1, 0.1 / 0.9],
    ['takes the share as it is where the limit is unknown', 3, 0.25, undefined, 4],
    ['takes a limit of nothing as unknown', 3, 0.25, 0, 4],
    ['stays nothing for nothing', 0, 0.9, 1, 0],
    ['stays unknown', NaN, 0.5, 1, NaN],
    ['ignores an unknown share', 2, NaN, 4, 2],
  ])('%s', (_name, ...[used, share, limit, expected]) => {
    const corrected = correctedUsage(used, share, limit);
    if (Number.isNaN(expected)) expect(corrected).toBeNaN();
    else expect(corrected).toBeCloseTo(expected, 12);
  });

  test('is between the usage and twice as much, and rises with usage and share', () => {
    const used = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const limit = fc.option(fc.double({ min: 0, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(used, share, limit, (cores, throttled, cap) => {
        const here = correctedUsage(cores, throttled, cap);
        expect(here).toBeGreaterThanOrEqual(cores);
        expect(here).toBeLessThanOrEqual(2 * cores);
        expect(here).toBeLessThan(Infinity);
        expect(correctedUsage(cores, Math.min(1, throttled + 0.1), cap)).toBeGreaterThanOrEqual(here);
        const more = Math.min(Number.MAX_VALUE, cores * 1.1);
        expect(correctedUsage(more, throttled, cap)).toBeGreaterThanOrEqual(here);
      }),
    );
  });
});
