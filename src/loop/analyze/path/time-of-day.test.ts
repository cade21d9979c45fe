import { createPathForecaster, observePath, advancePath, type PathForecaster } from './path-forecaster.ts';
import {
  LEVEL_COUNT,
  MEDIAN,
  PATH_BIN_MS,
  PATH_BINS_PER_DAY,
  PATH_LEVELS,
  shapeOfTier,
} from './path-shape.ts';
import { fillQuantiles } from './quantiles.ts';
import { createDayDistances, fillDayDistances, fillPhase, fillShifted } from './time-of-day.ts';

const DAY = PATH_BINS_PER_DAY;
const shape = shapeOfTier('Full');

function fed(bins: number, valueOf: (bin: number) => number): PathForecaster {
  const forecaster = createPathForecaster('Full');
  for (let bin = 0; bin < bins; bin++) {
    const value = valueOf(bin);
    if (!Number.isNaN(value)) observePath(forecaster, bin * PATH_BIN_MS, value);
  }
  advancePath(forecaster, bins * PATH_BIN_MS);
  return forecaster;
}

/** In scaled units, as the forecaster has them. */
function scaled({ scale }: PathForecaster, value: number): number {
  return Math.asinh(value / scale);
}

test.each([
  ['ahead', -40],
  ['at the newest bin', 0],
  ['beyond a day ahead', -300],
])('quantiles of the time of day %s are those of five values on each of the days before', (_what, back) => {
  const valueOf = (bin: number): number => 50 + ((bin * 7919) % 101);
  const bins = 5 * DAY + 100;
  const forecaster = fed(bins, valueOf);
  const expected: number[] = [];
  for (let day = Math.max(1, Math.ceil(-back / DAY)); day <= 7; day++)
    for (const j of [-4, -2, 0, 2, 4]) {
      const bin = bins - 1 - back - day * DAY + j;
      if (bin >= 0 && bin < bins) expected.push(Math.fround(scaled(forecaster, valueOf(bin))));
    }
  const sorted = Float64Array.from(expected).sort();
  const wanted = new Float64Array(LEVEL_COUNT);
  fillQuantiles({ values: sorted, from: 0 }, sorted.length, { values: wanted, from: 0 });
  const out = new Float64Array(LEVEL_COUNT);
  expect(fillPhase(forecaster, shape, back, out)).toBe(true);
  PATH_LEVELS.forEach((_, i) => expect(out[i]).toBeCloseTo(wanted[i]!, 5));
});

test('moved to the level of today, days of different levels agree about what comes', () => {
  // Each day is twice the day before: a constant distance on the asinh scale where values are large.
  const forecaster = fed(4 * DAY + 50, (bin) => 1e6 * 2 ** Math.floor((bin + DAY / 2) / DAY));
  const distances = createDayDistances();
  fillDayDistances(forecaster, shape, distances);
  const [plain, moved] = [new Float64Array(LEVEL_COUNT), new Float64Array(LEVEL_COUNT)];
  fillPhase(forecaster, shape, -20, plain);
  fillShifted(distances, 1, moved);
  for (let i = 0; i < LEVEL_COUNT; i++) expect(moved[i]).toBeCloseTo(forecaster.newest, 2);
  expect(plain[MEDIAN]).toBeLessThan(forecaster.newest - 0.5);
  fillPhase(forecaster, shape, -20, plain);
  fillShifted(distances, 0, moved);
  expect(moved).toEqual(plain);
});

test('a day in whose hour nothing was measured is not moved', () => {
  const missing = 3 * DAY + 50;
  const forecaster = fed(4 * DAY + 50, (bin) => (bin >= missing - 10 && bin < missing ? NaN : 5));
  const distances = createDayDistances();
  fillDayDistances(forecaster, shape, distances);
  expect([...distances].every((distance) => Math.abs(distance) < 1e-6)).toBe(true);
});
