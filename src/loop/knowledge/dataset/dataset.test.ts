import { FEATURE_COUNT, FEATURE_SCHEMA, SLOT, type FeatureName } from '../../monitor/features/schema.ts';
import { dataReport, workloadDataset, type WorkloadDataset } from './dataset.ts';
import type { MeasuredFeature } from './data-report.ts';
import { windowOf } from './feature-rows.ts';
import { MINUTE_MS } from './minute-grid.ts';
import type { RawSeries, RawWorkload } from './raw-series.ts';

/** A Monday, 00:00 UTC. */
const MONDAY = Date.UTC(2026, 4, 4);
const DAY = 1440;

const load = (minute: number): number => 100 + 50 * Math.sin((2 * Math.PI * minute) / DAY) + (minute % 7);

function series(
  feature: FeatureName,
  value: (minute: number) => number,
  { minutes = 3 * DAY, ...change }: Partial<RawSeries> & { readonly minutes?: number } = {},
): RawSeries {
  return {
    feature,
    source: `sum(${feature})`,
    kind: 'Gauge',
    times: Float64Array.from({ length: minutes }, (_, minute) => MONDAY + minute * MINUTE_MS),
    values: Float64Array.from({ length: minutes }, (_, minute) => value(minute)),
    ...change,
  };
}

function dataset(all: readonly RawSeries[], change: Partial<RawWorkload> = {}): WorkloadDataset {
  const raw = { policyUid: 'u1', namespace: 'shop', policy: 'web', series: all, ...change };
  return workloadDataset(raw, windowOf(raw));
}

const codes = ({ report }: WorkloadDataset): string[] => report.verdict.reasons.map(({ code }) => code);
const warnings = ({ report }: WorkloadDataset): string[] =>
  report.verdict.warnings.map(({ code, feature }) => `${code}/${feature ?? ''}`);

describe('rows of features', () => {
  const made = dataset([
    series('requestRate', load),
    series('errorShare', (minute) => (minute === 5 ? NaN : 0)),
  ]);
  const at = (row: number, feature: FeatureName): number =>
    made.rows.values[row * FEATURE_COUNT + SLOT[feature]] ?? NaN;

  test('are one for each minute, by column', () => {
    expect(made.rows).toMatchObject({ policyUid: 'u1', namespace: 'shop', policy: 'web' });
    expect(made.rows.at).toHaveLength(3 * DAY);
    expect(made.rows.values).toHaveLength(3 * DAY * FEATURE_COUNT);
    expect([made.rows.at[0], made.rows.at[1]]).toEqual([MONDAY, MONDAY + MINUTE_MS]);
  });

  test('hold the value, zero where it is zero, and NaN where nothing is known', () => {
    expect(at(9, 'requestRate')).toBe(Math.fround(load(9)));
    expect([at(4, 'errorShare'), at(5, 'errorShare'), at(6, 'errorShare')]).toEqual([0, NaN, 0]);
    expect(at(9, 'tailLatency')).toBeNaN();
  });

  test('have the calendar, and the volatility of the rate of requests once half an hour is known', () => {
    expect(at(0, 'hourSine')).toBe(0);
    expect(at(6 * 60, 'hourSine')).toBeCloseTo(1);
    expect(at(0, 'volatilityRatio')).toBeNaN();
    expect(at(100, 'volatilityRatio')).toBeGreaterThan(0.5);
  });

  test('are usable, and the report says what each feature is worth', () => {
    expect(made.report.verdict).toEqual({ usable: true, reasons: [], warnings: [] });
    const states = made.report.features.map(({ feature, state }) => `${feature} ${state}`);
    expect(states.filter((each) => !each.endsWith('Absent'))).toEqual([
      'requestRate Measured',
      'errorShare Measured',
      'volatilityRatio Derived',
      'hourSine Derived',
      'hourCosine Derived',
    ]);
    const errors = made.report.features[SLOT.errorShare] as MeasuredFeature;
    expect(errors.gaps).toEqual([{ from: MONDAY + 5 * MINUTE_MS, to: MONDAY + 6 * MINUTE_MS }]);
    expect(errors.coverage).toBeCloseTo(1 - 1 / (3 * DAY), 6);
    expect(made.report.gaps).toEqual([]);
  });
});

const percentErrors = series('errorShare', () => 3);
const rough = Float64Array.from({ length: 2 * DAY }, (_, i) => MONDAY + (i + (i % 3) / 2.2) * MINUTE_MS);

test.each<readonly [string, readonly RawSeries[], readonly string[]]>([
  ['less than a day', [series('requestRate', load, { minutes: 600 })], ['TooShort']],
  ['no load', [series('errorShare', () => 0.1)], ['NoLoad']],
  [
    'a load that is mostly unknown',
    [series('requestRate', (m) => (m % 10 < 7 ? NaN : 1 + m))],
    ['LowCoverage'],
  ],
  ['a load that stands still', [series('requestRate', () => 5)], ['Constant']],
  ['a share in percent', [series('requestRate', load), percentErrors], ['Implausible']],
  ['a gauge as a counter', [series('requestRate', load, { kind: 'Counter' })], ['NoCounter']],
])('%s is not usable for training', (_, all, expected) => {
  const made = dataset(all);
  expect(made.report.verdict.usable).toBe(false);
  expect(codes(made)).toEqual(expect.arrayContaining([...expected]));
});

test.each<readonly [string, readonly RawSeries[], readonly string[]]>([
  [
    'a load that doubles',
    [series('requestRate', (m) => load(m) * (m < 2 * DAY ? 1 : 2))],
    ['Drift/requestRate'],
  ],
  [
    'irregular samples',
    [series('requestRate', load, { minutes: 2 * DAY, times: rough })],
    ['Irregular/requestRate'],
  ],
  ['resets', [series('requestRate', load, { resets: 3 })], ['Resets/requestRate']],
  [
    'a feature that is hardly known',
    [series('requestRate', load), series('queueLag', (m) => (m % 20 === 0 ? m % 3 : NaN))],
    ['LowCoverage/queueLag'],
  ],
])('%s is usable with a warning', (_, all, expected) => {
  const made = dataset(all);
  expect(made.report.verdict).toMatchObject({ usable: true, reasons: [] });
  expect(warnings(made)).toEqual(expected);
});

test('times in which nothing was measured are gaps of the workload', () => {
  const outage = (minute: number): boolean => minute >= 100 && minute < 130;
  const made = dataset([
    series('requestRate', (minute) => (outage(minute) ? NaN : load(minute))),
    series('errorShare', (minute) => (outage(minute) || minute === 9 ? NaN : 0)),
  ]);
  expect(made.report.gaps).toEqual([{ from: MONDAY + 100 * MINUTE_MS, to: MONDAY + 130 * MINUTE_MS }]);
});

test('the volatility of a policy that measures no requests is that of its demand', () => {
  const made = dataset([series('cpuUtilization', (minute) => load(minute) / 200)], {
    demand: series('requestRate', load),
    absent: { requestRate: 'the policy measures none' },
  });
  expect(made.report.features[SLOT.volatilityRatio]).toMatchObject({ state: 'Derived' });
  expect(made.report.features[SLOT.requestRate]).toMatchObject({
    state: 'Absent',
    why: 'the policy measures none',
  });
});

test('one wrong time does not become years of rows', () => {
  const times = Float64Array.from([MONDAY, MONDAY + MINUTE_MS, Date.UTC(2222, 1, 1)]);
  expect(() => dataset([series('requestRate', load, { minutes: 3, times })])).toThrow(
    'the samples go from 2026-05-04T00:00:00.000Z to 2222-02-01T00:00:00.000Z, which is more than the 366 days allowed',
  );
  expect(() => dataset([])).toThrow('there is no sample with a time');
});

test('a report of several is usable when all of them are, and carries the schema', () => {
  const good = dataset([series('requestRate', load)]).report;
  const bad = dataset([series('requestRate', () => 5)]).report;
  expect(dataReport([good])).toMatchObject({
    schema: { version: FEATURE_SCHEMA.version, hash: FEATURE_SCHEMA.hash },
    stepSeconds: 60,
    usable: true,
  });
  expect(dataReport([good, bad]).usable).toBe(false);
  expect(dataReport([]).usable).toBe(false);
});
