import fc from 'fast-check';
import { createRollingWindow, rollingDeviation, rollingMean } from './rolling-window.ts';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });

test('mean and deviation are those of the last values', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 12 }), (all, length) => {
      const means = createRollingWindow(length);
      const deviations = createRollingWindow(length);
      for (const [i, value] of all.entries()) {
        const last = all.slice(Math.max(0, i + 1 - length), i + 1);
        const mean = last.reduce((sum, v) => sum + v, 0) / last.length;
        const variance = last.reduce((sum, v) => sum + (v - mean) ** 2, 0) / last.length;
        expect(rollingMean(means, value)).toBeCloseTo(mean, 6);
        expect(rollingDeviation(deviations, value)).toBeCloseTo(Math.sqrt(variance), 4);
      }
    }),
  );
});

test('equal large values have no deviation at all', () => {
  const window = createRollingWindow(12);
  for (let i = 0; i < 30; i++) expect(rollingDeviation(window, 1e15)).toBe(0);
});
