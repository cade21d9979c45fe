import fc from 'fast-check';
import { createHash } from 'node:crypto';
import {
  featuresFixture,
  hourOf,
  situationInputsFixture,
} from '../../../../test/support/situation-inputs-fixture.ts';
import { EMBEDDING_DIMENSIONS, EMBEDDING_VERSION } from '../../knowledge/situation.ts';
import { FEATURE_COUNT, FEATURE_SCHEMA, type FeatureName } from '../../monitor/features/schema.ts';
import { DIMENSIONS, type DimensionName } from './dimensions.ts';
import { embed } from './embed.ts';
import type { SituationInputs } from './situation-inputs.ts';

const placeOf = (name: DimensionName): number => DIMENSIONS.findIndex((dimension) => dimension.name === name);
const at = (vector: Float32Array, name: DimensionName): number => vector[placeOf(name)]!;

function distance(a: SituationInputs, b: SituationInputs): number {
  const [one, other] = [embed(a), embed(b)];
  return Math.sqrt(one.reduce((sum, value, place) => sum + (value - other[place]!) ** 2, 0));
}

test('the table of dimensions is that of this version; another table needs another version', () => {
  expect(DIMENSIONS).toHaveLength(EMBEDDING_DIMENSIONS);
  expect(new Set(DIMENSIONS.map(({ name }) => name)).size).toBe(EMBEDDING_DIMENSIONS);
  const digest = createHash('sha256').update(JSON.stringify(DIMENSIONS)).digest('hex').slice(0, 16);
  expect({ version: EMBEDDING_VERSION, digest }).toEqual({ version: 1, digest: '70bd1afb664b5d59' });
});

test('a calm hour lies near the middle of everything', () => {
  const vector = embed(situationInputsFixture());
  expect(at(vector, 'trendHour')).toBeCloseTo(0, 1);
  expect(at(vector, 'demandToLevel')).toBeCloseTo(0, 1);
  expect(at(vector, 'usualAhead30')).toBe(0);
  expect(at(vector, 'anomalySpike')).toBe(0);
  expect(vector.slice(placeOf('unknownMinutes')).every((value) => value === 0)).toBe(true);
});

test.each<[string, DimensionName, Partial<SituationInputs>, Partial<SituationInputs>]>([
  [
    'a rise of the demand',
    'trendHour',
    { minutes: hourOf((ago) => 300 - 2 * ago) },
    { minutes: hourOf((ago) => 180 + 2 * ago) },
  ],
  [
    'rough demand',
    'roughness',
    { minutes: hourOf((ago) => (ago % 2 === 0 ? 100 : 300)) },
    { minutes: hourOf((ago) => (ago % 2 === 0 ? 199 : 201)) },
  ],
  ['a forecast of a peak', 'forecastRise', { forecast: { peak: 300, upper: 400 } }, {}],
  [
    'a usual rise to come',
    'usualAhead30',
    { usual: { level: 200, now: 200, ahead15: 240, ahead30: 280, ahead60: 300 } },
    {},
  ],
  ['more replicas', 'size', { replicas: 40 }, { replicas: 4 }],
  ['a slow start', 'startup', { startupSeconds: 240 }, { startupSeconds: 20 }],
  ['a severe anomaly', 'anomalyLeak', { anomalies: [{ kind: 'Leak', severity: 'High' }] }, {}],
  [
    'the severest of several',
    'anomalySpike',
    {
      anomalies: [
        { kind: 'Spike', severity: 'High' },
        { kind: 'Spike', severity: 'Low' },
      ],
    },
    { anomalies: [{ kind: 'Spike', severity: 'Medium' }] },
  ],
  ['errors', 'errorShare', { features: featuresFixture({ errorShare: 0.2 }) }, {}],
])('%s shows in %s', (_, name, more, less) => {
  const [high, low] = [embed(situationInputsFixture(more)), embed(situationInputsFixture(less))];
  expect(at(high, name)).toBeGreaterThan(at(low, name) + 0.3);
});

const MASKED = FEATURE_SCHEMA.features
  .map(({ name }) => name as FeatureName)
  .filter((name) => !['readyShare', 'hourSine', 'hourCosine'].includes(name));

test.each(MASKED)('not to know %s differs from every value of it', (name) => {
  const unknown = situationInputsFixture({ features: featuresFixture({ [name]: NaN }) });
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (value) => {
      const known = situationInputsFixture({ features: featuresFixture({ [name]: value }) });
      return distance(unknown, known) > 0.1;
    }),
  );
});

test('not to know the demand differs from a demand of nothing', () => {
  const none = situationInputsFixture({ minutes: hourOf(() => 0) });
  const unknown = situationInputsFixture({ minutes: hourOf(() => NaN) });
  expect(distance(none, unknown)).toBeGreaterThan(0.4);
});

test('the unit of the demand does not matter', () => {
  const minutes = (unit: number) => hourOf((ago) => unit * (200 + 40 * Math.sin(ago)));
  const inUnit = (unit: number): SituationInputs =>
    situationInputsFixture({
      minutes: minutes(unit),
      usual: {
        level: 180 * unit,
        now: 200 * unit,
        ahead15: 210 * unit,
        ahead30: 220 * unit,
        ahead60: 230 * unit,
      },
      forecast: { peak: 210 * unit, upper: 260 * unit },
    });
  expect(distance(inUnit(1), inUnit(1024))).toBeLessThan(1e-4);
});

const anything = fc.oneof(
  fc.double(),
  fc.constantFrom(NaN, 0, -0, 1e308, -1e308, Infinity, -Infinity, 5e-324, 1),
);
const floats = (length: fc.ArrayConstraints) =>
  fc.array(anything, length).map((values) => Float32Array.from(values));

test('is finite and bounded whatever is put in', () => {
  const kinds = [
    'Spike',
    'LevelShift',
    'FlatLine',
    'Missing',
    'Degradation',
    'Leak',
    'Cost',
    'Behaviour',
  ] as const;
  const anomaly = fc.record({
    kind: fc.constantFrom(...kinds),
    severity: fc.constantFrom('Low' as const, 'Medium' as const, 'High' as const),
  });
  const inputs = fc.record({
    features: fc.oneof(
      floats({ minLength: FEATURE_COUNT, maxLength: FEATURE_COUNT }),
      floats({ maxLength: 2 }),
    ),
    minutes: fc.oneof(floats({ minLength: 60, maxLength: 60 }), floats({ maxLength: 3 })),
    usual: fc.record({
      level: anything,
      now: anything,
      ahead15: anything,
      ahead30: anything,
      ahead60: anything,
    }),
    forecast: fc.option(fc.record({ peak: anything, upper: anything }), { nil: undefined }),
    anomalies: fc.array(anomaly, { maxLength: 4 }),
    replicas: anything,
    startupSeconds: anything,
  });
  fc.assert(
    fc.property(inputs, (given) => {
      const vector = embed(given);
      expect(vector).toHaveLength(EMBEDDING_DIMENSIONS);
      expect(vector.every((value) => Math.abs(value) <= 3)).toBe(true);
      expect(embed(given)).toEqual(vector);
    }),
    { numRuns: 500 },
  );
});
