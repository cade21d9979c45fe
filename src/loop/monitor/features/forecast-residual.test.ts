import { fresh, NOW, SECOND, silent, stale } from '../../../../test/support/loop-fixtures.ts';
import {
  createForecastResidual,
  observeResidual,
  residualAt,
  type ForecastResidual,
} from './forecast-residual.ts';

/** Median 100 and a standard deviation of 10, due in a minute. */
const FORECAST = {
  metric: 'requests',
  peak: 100,
  upper: 100 + 10 * 1.6448536269514722,
  confidencePercent: 95,
  horizonSeconds: 60,
};
const NONE = { metric: 'requests' };

interface Moment {
  /** Seconds after NOW. */
  readonly at: number;
  readonly demand?: number;
  readonly forecast?: object;
}

function residualAfter(moments: readonly Moment[]): ForecastResidual {
  const residual = createForecastResidual();
  for (const { at, demand, forecast = FORECAST } of moments) {
    const now = NOW + at * SECOND;
    const reading = demand === undefined ? silent() : fresh(demand, now);
    observeResidual(residual, reading, { ...NONE, ...forecast }, now);
  }
  return residual;
}

const each15s = (values: readonly number[]): Moment[] => values.map((demand, i) => ({ at: 15 * i, demand }));

test.each([
  ['the peak less the median, in standard deviations', each15s([90, 95, 115, 90, 80]), 1.5],
  ['negative below the median', each15s([90, 75, 80, 70, 80]), -2],
  ['not about what was before the forecast', each15s([500, 100, 100, 100, 100]), 0],
  ['not about what came after it was due', [...each15s([100, 100, 100, 100]), { at: 62, demand: 999 }], 0],
  [
    'of the forecast that was made first, not of the later ones',
    [
      { at: 0, demand: 1 },
      { at: 30, demand: 110, forecast: { ...FORECAST, peak: 0 } },
      { at: 60, demand: 100 },
    ],
    1,
  ],
])('the residual is %s', (_, moments, wanted) => {
  const last = NOW + (moments.at(-1)?.at ?? 0) * SECOND;
  expect(residualAt(residualAfter(moments), last)).toBeCloseTo(wanted, 6);
});

test.each<[string, Moment[]]>([
  ['before the forecast is due', each15s([100, 100, 100, 100])],
  ['without a forecast', each15s([1, 2, 3, 4, 5, 6]).map((moment) => ({ ...moment, forecast: NONE }))],
  [
    'of a forecast without width',
    each15s([1, 2, 3, 4, 5, 6]).map((moment) => ({ ...moment, forecast: { ...FORECAST, upper: 100 } })),
  ],
  [
    'of a forecast at its median',
    each15s([1, 2, 3, 4, 5, 6]).map((moment) => ({
      ...moment,
      forecast: { ...FORECAST, confidencePercent: 50 },
    })),
  ],
  [
    'when the demand was not measured through',
    [
      { at: 0, demand: 1 },
      { at: 15, demand: 1 },
      { at: 120, demand: 1 },
    ],
  ],
  [
    'when nothing was measured until it was due',
    [
      { at: 0, demand: 1 },
      { at: 61, demand: 1 },
    ],
  ],
])('the residual is unknown %s', (_, moments) => {
  const last = NOW + (moments.at(-1)?.at ?? 0) * SECOND;
  expect(residualAt(residualAfter(moments), last)).toBeNaN();
});

test('a residual is forgotten after half an hour, and when the clock was set back', () => {
  const done = residualAfter(each15s([100, 100, 100, 100, 100]));
  expect(residualAt(done, NOW + 30 * 60 * SECOND)).toBe(0);
  expect(residualAt(done, NOW + 32 * 60 * SECOND)).toBeNaN();
  observeResidual(done, fresh(1, NOW - 3600 * SECOND), FORECAST, NOW - 3600 * SECOND);
  expect(residualAt(done, NOW - 3600 * SECOND)).toBeNaN();
});

test('what is stale or from the future says nothing', () => {
  const residual = createForecastResidual();
  observeResidual(residual, fresh(100), FORECAST, NOW);
  observeResidual(residual, stale(500, NOW + 20 * SECOND), FORECAST, NOW + 30 * SECOND);
  observeResidual(residual, fresh(500, NOW + 50 * SECOND), FORECAST, NOW + 40 * SECOND);
  observeResidual(residual, fresh(100, NOW + 55 * SECOND), FORECAST, NOW + 55 * SECOND);
  observeResidual(residual, fresh(100, NOW + 65 * SECOND), FORECAST, NOW + 65 * SECOND);
  expect(residualAt(residual, NOW + 65 * SECOND)).toBe(0);
});
