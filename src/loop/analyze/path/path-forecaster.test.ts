import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { normal, seededRandom } from '../../../simulate/random.ts';
import {
  advancePath,
  createPathForecaster,
  noteRevision,
  observePath,
  type PathForecaster,
} from './path-forecaster.ts';
import { pathForecast, pathQuantiles } from './path-quantiles.ts';
import { PATH_BIN_MS, PATH_BINS_PER_DAY, PATH_LEVELS, type PathTier } from './path-shape.ts';

const DAY = PATH_BINS_PER_DAY;
const TIERS: readonly PathTier[] = ['Full', 'Light'];

/** One sample in each bin, from bin `from`; NaN leaves one out. */
function feed(forecaster: PathForecaster, values: readonly number[], from = 0): PathForecaster {
  values.forEach((value, i) => {
    const at = (from + i) * PATH_BIN_MS;
    if (!Number.isNaN(value)) observePath(forecaster, at + 1000, value);
    advancePath(forecaster, at + PATH_BIN_MS);
  });
  return forecaster;
}

/** A demand with a daily swing, high at noon, and noise. */
function daily(days: number, { seed = 1, shift = 0, noise = 3 } = {}): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: Math.round(days * DAY) }, (_, bin) =>
    Math.max(0, 100 - 60 * Math.cos((2 * Math.PI * (bin + shift)) / DAY) + noise * normal(random)),
  );
}

function quantilesAt(
  forecaster: PathForecaster,
  bins: number,
  levels: readonly number[] = PATH_LEVELS,
): number[] {
  return pathQuantiles(forecaster, { horizonSeconds: bins * 300 }, levels)!;
}

function median(forecaster: PathForecaster, bins: number): number {
  return quantilesAt(forecaster, bins, [0.5])[0]!;
}

/** Share of outcomes within the 80 % interval, `bins` ahead, over the values that are fed from `from` on. */
function coverage(forecaster: PathForecaster, values: readonly number[], from: number, bins: number): number {
  let covered = 0;
  for (let i = 0; i + bins < values.length; i++) {
    feed(forecaster, [values[i]!], from + i);
    const [lower, upper] = quantilesAt(forecaster, bins, [0.1, 0.9]);
    if (values[i + bins]! >= lower! && values[i + bins]! <= upper!) covered++;
  }
  return covered / (values.length - bins);
}

describe.each(TIERS)('quantile paths, %s', (tier) => {
  const created = (): PathForecaster => createPathForecaster(tier);

  test('any samples give finite quantiles that rise with the level, from 0 to about twice the record', () => {
    const value = fc.oneof(
      fc.double({ min: 0, max: 1000, noNaN: true }),
      fc.constantFrom(0, NaN, 1e-300, 1e30, 1e308, -1, Infinity),
    );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 15, maxLength: 500 }),
        fc.integer({ min: 1, max: 2016 }),
        (values, bins) => {
          const forecaster = feed(created(), values);
          const taken = values.filter((each) => each >= 0 && each <= 1e30);
          const quantiles = pathQuantiles(forecaster, { horizonSeconds: 300 * bins }, PATH_LEVELS);
          if (quantiles === undefined) return;
          // Where demand is small beside its scale the bound is 0.76 scales above the record.
          const most = 2.1 * Math.max(...taken) + 0.8 * forecaster.scale + 1;
          quantiles.forEach((quantile, i) => {
            expect(quantile).toBeGreaterThanOrEqual(quantiles[i - 1] ?? 0);
            expect(quantile).toBeLessThanOrEqual(most);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  test('nothing later than the newest complete bin is known, and equal samples give equal states', () => {
    const before = daily(1.2);
    const alone = feed(created(), before);
    const forecast = pathForecast(alone);
    const other = feed(created(), before);
    observePath(other, before.length * PATH_BIN_MS + 5, 1e9);
    expect(pathForecast(other)).toEqual(forecast);
    expect(isDeepStrictEqual(structuredClone(alone), structuredClone(feed(created(), before)))).toBe(true);
  });

  test('asking changes nothing, and a copy goes on exactly as the original', () => {
    const values = daily(2);
    const original = feed(created(), values);
    const copy = structuredClone(original);
    pathForecast(original);
    quantilesAt(original, 100);
    const rest = daily(0.3, { seed: 2 });
    feed(original, rest, values.length);
    feed(copy, rest, values.length);
    expect(isDeepStrictEqual(structuredClone(copy), structuredClone(original))).toBe(true);
  });

  test('a bin is the mean of its samples at any cadence, and an hour must be known', () => {
    const fast = created();
    for (let i = 0; i < 13 * 20; i++) {
      expect(pathQuantiles(fast, { horizonSeconds: 300 }, [0.5])).toBeUndefined();
      observePath(fast, i * 15_000, i % 20 < 10 ? 5 : 15);
    }
    advancePath(fast, 13 * PATH_BIN_MS);
    expect(fast.known).toBe(13);
    expect(median(fast, 1)).toBeCloseTo(10, 4);
  });

  test.each([
    ['a late sample', 100, 5],
    ['a duplicate', 1000, 5],
    ['no number', 400_000, NaN],
    ['a negative value', 400_000, -1],
    ['an absurd value', 400_000, 1e31],
    ['no time', NaN, 5],
    ['a time without end', Infinity, 5],
  ])('refuses %s and stays as it is', (_what, at, value) => {
    const forecaster = created();
    observePath(forecaster, 1000, 3);
    const before = structuredClone(forecaster);
    expect(observePath(forecaster, at, value)).toBe(false);
    expect(structuredClone(forecaster)).toEqual(before);
  });

  test.each([
    ['constant', () => 42],
    ['zero', () => 0],
    ['tiny', () => 1e-6],
    ['large', () => 1e12],
  ])('expects what is %s to stay', (_what, value) => {
    const forecaster = feed(created(), Array.from({ length: 3 * DAY }, value));
    for (const bins of [1, 12, 100, 288, 1000]) {
      for (const quantile of quantilesAt(forecaster, bins)) {
        expect(Math.abs(quantile - value())).toBeLessThanOrEqual(1e-3 * value() + 1e-9);
      }
    }
  });

  test('of a series that is zero but for rare bursts the median is zero and the upper tail is not', () => {
    const random = seededRandom(5);
    const values = Array.from({ length: 4 * DAY }, () => (random() < 0.04 ? 50 * random() : 0));
    const forecaster = feed(created(), values);
    expect(median(forecaster, 12)).toBeLessThan(0.5);
    // With few errors remembered the light tier learns so rare a tail from its misses, and slowly.
    expect(quantilesAt(forecaster, 12, [0.99])[0]).toBeGreaterThan(tier === 'Full' ? 5 : 0.05);
    expect(quantilesAt(forecaster, 12, [0.99])[0]).toBeLessThan(120);
  });

  test('sees the daily swing at every horizon, also between and beyond those that are learned', () => {
    const values = daily(6);
    const forecaster = feed(created(), values);
    const truth = daily(2, { noise: 0 });
    for (const bins of [1, 2, 7, 30, 72, 144, 200, 288, 400, 520]) {
      expect(Math.abs(median(forecaster, bins) - truth[(bins - 1) % DAY]!)).toBeLessThan(14);
    }
  });

  test('moments are given by time or by seconds ahead, and mean the same five minutes', () => {
    const forecaster = feed(created(), daily(2));
    const end = 2 * DAY * PATH_BIN_MS;
    const ahead = pathQuantiles(forecaster, { horizonSeconds: 3600 }, [0.1, 0.9]);
    expect(pathQuantiles(forecaster, { at: end + 3_599_999 }, [0.1, 0.9])).toEqual(ahead);
    expect(() => pathQuantiles(forecaster, { at: end - 1 }, [0.5])).toThrow(/after the newest complete bin/);
    expect(() => quantilesAt(forecaster, 2017, [0.5])).toThrow(/at most 2016 bins/);
    expect(() => quantilesAt(forecaster, 1, [0.995])).toThrow(
      'a level must be from 0.025 to 0.99, found 0.995',
    );
  });

  test('covers what comes as often as its levels say', () => {
    const forecaster = feed(created(), daily(3, { seed: 7 }));
    const share = coverage(forecaster, daily(2, { seed: 8 }), 3 * DAY, 12);
    expect(share).toBeGreaterThan(0.72);
    expect(share).toBeLessThan(0.88);
  });

  test.each([
    ['an hour', 12],
    ['six hours', 72],
    ['a day and a half', 432],
    ['eight days', 8 * DAY],
    ['three weeks', 21 * DAY],
  ])('goes on after a gap of %s', (_what, gap) => {
    const whole = daily(24 + 4);
    const start = 4 * DAY;
    const forecaster = feed(created(), whole.slice(0, start));
    const resumed = whole.slice(start + gap, start + gap + 36);
    feed(forecaster, resumed, start + gap);
    const [lower, middle, upper] = quantilesAt(forecaster, 6, [0.1, 0.5, 0.9]);
    expect(Math.abs(middle! - whole[start + gap + 41]!)).toBeLessThan(25);
    expect(lower).toBeLessThan(middle!);
    expect(upper! - lower!).toBeLessThan(90);
  });

  test('during a gap it still answers, for the time asked for', () => {
    const values = daily(5);
    const forecaster = feed(created(), [
      ...values.slice(0, 4 * DAY),
      ...Array.from({ length: 36 }, () => NaN),
    ]);
    expect(Math.abs(median(forecaster, 36) - values[4 * DAY + 71]!)).toBeLessThan(30);
  });

  test('follows a pattern that daylight saving moved by an hour: worse on the first day, as good again after some', () => {
    const forecaster = feed(created(), daily(8));
    const errors = [0, 1, 2, 3, 4, 5, 6].map((day) => {
      const moved = daily(1, { seed: day + 20, shift: 12 });
      let error = 0;
      for (let i = 0; i < DAY; i++) {
        const bins = 6;
        if (i + bins < DAY) error += Math.abs(median(forecaster, bins) - moved[i + bins - 1]!) / DAY;
        feed(forecaster, [moved[i]!], (8 + day) * DAY + i);
      }
      return error;
    });
    expect(errors[0]).toBeLessThan(12);
    expect(errors[6]).toBeLessThan(errors[0]!);
    expect(errors[6]).toBeLessThan(7);
  });

  test.each([
    ['tripled', 3],
    ['cut to a quarter', 0.25],
    ['a hundred times as large', 100],
  ])(
    'a demand that a deploy %s is followed within an hour, and covered again after a day',
    (_what, factor) => {
      const forecaster = feed(created(), daily(8));
      const after = daily(4, { seed: 9 }).map((value) => factor * value);
      noteRevision(forecaster, 8 * DAY * PATH_BIN_MS);
      feed(forecaster, after.slice(0, 12), 8 * DAY);
      expect(median(forecaster, 1) / after[12]!).toBeGreaterThan(0.6);
      expect(median(forecaster, 1) / after[12]!).toBeLessThan(1.6);
      feed(forecaster, after.slice(12, 2 * DAY), 8 * DAY + 12);
      expect(coverage(forecaster, after.slice(2 * DAY), 10 * DAY, 12)).toBeGreaterThan(0.6);
    },
  );

  test('a revision widens intervals by a half around the median, and that fades', () => {
    const forecaster = feed(created(), daily(3));
    const [lower, middle, upper] = quantilesAt(forecaster, 12, [0.1, 0.5, 0.9]);
    noteRevision(forecaster, 3 * DAY * PATH_BIN_MS);
    const [lowerNow, middleNow, upperNow] = quantilesAt(forecaster, 12, [0.1, 0.5, 0.9]);
    expect(middleNow).toBeCloseTo(middle!, 9);
    expect((upperNow! - lowerNow!) / (upper! - lower!)).toBeGreaterThan(1.4);
    expect((upperNow! - lowerNow!) / (upper! - lower!)).toBeLessThan(1.65);
    feed(forecaster, daily(1.5, { seed: 3 }), 3 * DAY);
    expect(forecaster.widening).toBe(0);
  });

  test('the scale is that of the first hour, of the first day, of the first week, then stays until demand leaves it', () => {
    const forecaster = created();
    const scales = [13, DAY, 7 * DAY, 9 * DAY].map((until) => {
      const values = daily(9, { noise: 0 });
      const from = Number.isNaN(forecaster.newestBin) ? 0 : forecaster.newestBin + 1;
      feed(forecaster, values.slice(from, until), from);
      return forecaster.scale;
    });
    expect(scales[0]).toBeLessThan(45);
    expect(scales[1]).toBeGreaterThan(80);
    expect(scales[3]).toBe(scales[2]);
    feed(
      forecaster,
      daily(2).map((value) => 1000 * value),
      9 * DAY,
    );
    expect(forecaster.scale).toBeGreaterThan(10 * scales[2]!);
  });

  test('the unit of the samples does not matter', () => {
    const values = daily(3);
    const one = feed(created(), values);
    const other = feed(
      created(),
      values.map((value) => value * 1e6),
    );
    quantilesAt(other, 20).forEach((quantile, i) => {
      const expected = quantilesAt(one, 20)[i]!;
      expect(quantile / 1e6 / expected).toBeCloseTo(1, 2);
    });
  });

  test('is within its budget of memory', () => {
    const { slab, precise, order, week } = created();
    const bytes = slab.byteLength + precise.byteLength + order.byteLength + week.byteLength;
    expect(bytes).toBeLessThanOrEqual(tier === 'Full' ? 64 * 1024 : 8 * 1024);
  });
});
