import fc from 'fast-check';
import { createPathForecaster } from './path-forecaster.ts';
import { LEVEL_COUNT, PATH_LEVELS, shapeOfTier } from './path-shape.ts';
import { learnError, renewQuantiles } from './residual-ring.ts';

test('a ring gives the quantiles of its newest errors, whatever their order', () => {
  const shape = shapeOfTier('Light');
  const error = fc.double({ min: -5, max: 5, noNaN: true }).map(Math.fround);
  fc.assert(
    fc.property(
      fc.array(error, { minLength: 9, maxLength: 80 }),
      fc.integer({ min: 0, max: 9 }),
      (errors, ring) => {
        const forecaster = createPathForecaster('Light');
        for (const each of errors) learnError(forecaster, shape, ring, each);
        renewQuantiles(forecaster, shape, ring, 1);
        const sorted = errors.slice(-shape.ringSize).toSorted((a, b) => a - b);
        PATH_LEVELS.forEach((level, i) => {
          const position = Math.min(sorted.length - 1, Math.max(0, level * (sorted.length + 1) - 1));
          const [low, high] = [sorted[Math.floor(position)]!, sorted[Math.ceil(position)]!];
          const expected = low + (position - Math.floor(position)) * (high - low);
          expect(forecaster.slab[shape.at.ringQuantiles + ring * LEVEL_COUNT + i]).toBeCloseTo(expected, 4);
        });
      },
    ),
  );
});
