import fc from 'fast-check';
import { cleanSeries } from './clean-series.ts';
import type { RawSeries } from './raw-series.ts';

const second = 1000;

function raw(samples: readonly (readonly [number, number])[], change: Partial<RawSeries> = {}): RawSeries {
  return {
    feature: 'requestRate',
    source: 'a test',
    kind: 'Gauge',
    times: Float64Array.from(samples, ([at]) => at * second),
    values: Float64Array.from(samples, ([, value]) => value),
    ...change,
  };
}

const NOTHING = { duplicates: 0, conflicts: 0, late: 0, infinite: 0, implausible: 0, resets: 0 };

// prettier-ignore
const FOUND: readonly [string, RawSeries, readonly (readonly [number, number])[], object][] = [
  ['nothing in a clean series', raw([[0, 1], [30, 2], [60, 3]]), [[0, 1], [30, 2], [60, 3]], { samples: 3 }],
  ['a sample that is there twice', raw([[0, 1], [30, 2], [30, 2], [60, 3]]), [[0, 1], [30, 2], [60, 3]], { samples: 4, duplicates: 1 }],
  ['two values at one time: the first counts', raw([[0, 1], [30, 2], [30, 9]]), [[0, 1], [30, 2]], { samples: 3, conflicts: 1 }],
  ['a late sample, put into its place', raw([[0, 1], [60, 3], [30, 2], [90, 4]]), [[0, 1], [30, 2], [60, 3], [90, 4]], { samples: 4, late: 1 }],
  ['one from the future, and not all others, as out of order', raw([[0, 1], [9000, 7], [30, 2], [60, 3]]), [[0, 1], [30, 2], [60, 3], [9000, 7]], { samples: 4, late: 1 }],
  ['no value as no sample', raw([[0, 1], [30, NaN], [60, 3]]), [[0, 1], [60, 3]], { samples: 2 }],
  ['an infinite value as unknown', raw([[0, 1], [30, Infinity]]), [[0, 1], [30, NaN]], { samples: 2, infinite: 1 }],
  ['a negative rate as unknown', raw([[0, 1], [30, -1]]), [[0, 1], [30, NaN]], { samples: 2, implausible: 1 }],
  ['a share in percent as unknown', raw([[0, 0.5], [30, 50]], { feature: 'errorShare' }), [[0, 0.5], [30, NaN]], { samples: 2, implausible: 1 }],
  ['no limit where the source has its own unit', raw([[0, 50]], { feature: 'errorShare', bounds: { least: 0, most: 1e9 } }), [[0, 50]], { samples: 1 }],
  ['the rise per second of a counter', raw([[0, 100], [30, 160], [60, 190]], { kind: 'Counter' }), [[0, NaN], [30, 2], [60, 1]], { samples: 3 }],
  ['a reset of a counter, which goes on from zero', raw([[0, 100], [30, 160], [60, 30]], { kind: 'Counter' }), [[0, NaN], [30, 2], [60, 1]], { samples: 3, resets: 1 }],
  ['resets that were counted before', raw([[0, 1]], { resets: 4 }), [[0, 1]], { samples: 1, resets: 4 }],
];

test.each(FOUND)('finds %s', (_, series, expected, counts) => {
  const { times, values, ...found } = cleanSeries(series);
  expect([...times].map((at, index) => [at / second, values[index]])).toEqual(expected);
  expect(found).toMatchObject({ ...NOTHING, ...counts });
});

test('knows a gauge that is said to be a counter', () => {
  const samples = Array.from({ length: 40 }, (_, i): [number, number] => [30 * i, 100 + 10 * (i % 3)]);
  expect(cleanSeries(raw(samples, { kind: 'Counter' })).gaugeAsCounter).toBe(true);
  expect(cleanSeries(raw(samples)).gaugeAsCounter).toBe(false);
});

test('whatever comes: times rise, values are plausible or NaN, and each sample is accounted for', () => {
  const sample = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.double());
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 40 }), (samples) => {
      const { times, values, samples: known, duplicates, conflicts, late } = cleanSeries(raw(samples));
      expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? NaN))).toBe(true);
      expect(values.every((value) => Number.isNaN(value) || (value >= 0 && value <= 1e15))).toBe(true);
      expect(times.length + duplicates + conflicts).toBe(known);
      expect(known).toBe(samples.filter(([, value]) => !Number.isNaN(value)).length);
      expect(late).toBeLessThanOrEqual(Math.max(0, known - 1));
    }),
  );
});

test('the order in which samples arrive changes nothing but what is said of it', () => {
  const times = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { maxLength: 30 });
  fc.assert(
    fc.property(times, (arrived) => {
      const samples = arrived.map((at): [number, number] => [at, at % 7]);
      const [here, sorted] = [samples, samples.toSorted(([a], [b]) => a - b)].map((all) =>
        cleanSeries(raw(all)),
      );
      expect(here?.times).toEqual(sorted?.times);
      expect(here?.values).toEqual(sorted?.values);
      expect(sorted?.late).toBe(0);
    }),
  );
});
