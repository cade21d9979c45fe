import fc from 'fast-check';
import { ExponentialSmoothing, initialState, leastObservations } from './phpa-exponential-smoothing.ts';
import { ceilReplicas, linearPrediction } from './phpa-linear-regression.ts';
import { HoltWintersModel, LinearModel } from './phpa-models.ts';

/** Whole numbers with a season, a rise and a pattern; the same went into statsmodels. */
const seriesOf = (count: number, periods: number): number[] =>
  Array.from({ length: count }, (_, i) => 10 + ((i * 7) % periods) + Math.trunc(i / periods) + ((i * i) % 5));

/**
 * statsmodels 0.14.0: ExponentialSmoothing(series, trend='additive', seasonal='additive', seasonal_periods=periods,
 * initialization_method='estimated').fit(smoothing_level=…, smoothing_trend=…, smoothing_seasonal=…, optimized=False).
 */
const references = [
  {
    count: 24,
    periods: 6,
    weights: [0.9, 0.9, 0.9],
    level: 14.416666666666657,
    trend: 0.16666666666666807,
    forecast: 34.67825373493202,
  },
  {
    count: 29,
    periods: 6,
    weights: [0.9, 0.9, 0.9],
    level: 14.416666666666657,
    trend: 0.16666666666666807,
    forecast: -8.998230384694452,
  },
  {
    count: 40,
    periods: 7,
    weights: [0.5, 0.1, 0.2],
    level: 11.857142857142849,
    trend: 0.14285714285714368,
    forecast: 16.90996895278394,
  },
  {
    count: 100,
    periods: 24,
    weights: [0.3, 0.05, 0.9],
    level: 23.52083333333332,
    trend: 0.03409090909091095,
    forecast: 19.91569353137067,
  },
  {
    count: 170,
    periods: 24,
    weights: [0.9, 0.9, 0.9],
    level: 23.52083333333332,
    trend: 0.03409090909091095,
    forecast: -217.8607651744043,
  },
] as const;

describe.each(references)('as statsmodels 0.14, $count values in seasons of $periods', (reference) => {
  const { count, periods, weights } = reference;
  const series = seriesOf(count, periods);

  test('begin with the level and the trend', () => {
    const { level, trend } = initialState(series, periods);
    expect(level).toBeCloseTo(reference.level, 10);
    expect(trend).toBeCloseTo(reference.trend, 10);
  });

  test('go on with the forecast', () => {
    const [level, trend, season] = weights;
    const smoothing = new ExponentialSmoothing(series, { periods, level, trend, season });
    expect(smoothing.forecast()).toBeCloseTo(reference.forecast, 9);
  });
});

test('the seasons to begin with are those of statsmodels', () => {
  const wanted = [
    1.1581632653061231, 0.6581632653061217, -0.377551020408163, 0.08673469387755132, -0.663265306122449,
    -0.8061224489795923, -0.05612244897959183,
  ];
  const { seasons } = initialState(seriesOf(40, 7), 7);
  for (const [i, season] of seasons.entries()) expect(season).toBeCloseTo(wanted[i]!, 12);
});

test.each([
  { periods: 6, expected: 16 },
  { periods: 7, expected: 16 },
  { periods: 24, expected: 48 },
])('seasons of $periods need $expected observations', ({ periods, expected }) => {
  expect(leastObservations(periods)).toBe(expected);
});

describe('LinearModel', () => {
  test('looks at one value more than its history size, as it is pruned afterwards', () => {
    const model = new LinearModel({ historySize: 2, lookAheadMs: 15_000 });
    const replicas = [9, 1, 4, 2, 8];
    const predicted = replicas.map((value, i) => model.predict(i * 15_000, value));
    const window = (last: number): { at: number; replicas: number }[] =>
      replicas.slice(Math.max(0, last - 2), last + 1).map((value, i) => ({
        at: (Math.max(0, last - 2) + i) * 15_000,
        replicas: value,
      }));
    expect(predicted).toEqual(replicas.map((_, i) => linearPrediction(window(i), (i + 1) * 15_000)));
  });
});

describe('HoltWintersModel', () => {
  const parameters = { periods: 6, level: 0.4, trend: 0.1, season: 0.3 };

  test('asks for nothing until it knows enough', () => {
    const model = new HoltWintersModel({ ...parameters, storedSeasons: 4 });
    const predicted = seriesOf(16, 6).map((value) => model.predict(0, value));
    expect(predicted.slice(0, 15)).toEqual(new Array(15).fill(0));
    expect(predicted[15]).toBeGreaterThan(0);
  });

  test('predicts what smoothing the whole stored history anew would', () => {
    const anySeries = fc.array(fc.nat(40), { minLength: 16, maxLength: 120 });
    fc.assert(
      fc.property(anySeries, fc.integer({ min: 2, max: 4 }), (series, storedSeasons) => {
        const model = new HoltWintersModel({ ...parameters, storedSeasons });
        let stored: number[] = [];
        for (const value of series) {
          stored.push(value);
          const wanted =
            stored.length < 16 ? 0 : ceilReplicas(new ExponentialSmoothing(stored, parameters).forecast());
          expect(model.predict(0, value)).toBe(wanted);
          // PruneHistory: whole seasons, once one more than wanted has built up.
          const surplus = Math.trunc(stored.length / 6) - storedSeasons;
          if (surplus > 0) stored = stored.slice(surplus * 6);
        }
      }),
    );
  });
});
