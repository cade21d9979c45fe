import {
  featuresFixture,
  hourOf,
  situationInputsFixture,
} from '../../../../test/support/situation-inputs-fixture.ts';
import type { SituationInputs } from './situation-inputs.ts';
import { summarize } from './summarize.ts';

test.each<[string, Partial<SituationInputs>, string]>([
  ['a calm hour is said in few words', {}, 'demand steady; size medium; afternoon'],
  [
    'what is unusual comes first',
    {
      anomalies: [
        { kind: 'Spike', severity: 'High' },
        { kind: 'Degradation', severity: 'Low' },
        { kind: 'Spike', severity: 'High' },
      ],
      features: featuresFixture({ cpuThrottledShare: 0.4, revisionAge: 250, hourSine: -0.5, hourCosine: 0 }),
      minutes: hourOf((ago) => 300 - 3 * ago),
      forecast: { peak: 350, upper: 379 },
    },
    'degradation anomaly low; spike anomaly high; cpu-throttle high; demand rising; demand far above usual; ' +
      'forecast above 20 %; revision age 4m; size medium; weekend evening',
  ],
  [
    'no demand is said, and is not a falling one',
    { minutes: hourOf(() => 0), forecast: { peak: 0, upper: 0 } },
    'demand none; size medium; afternoon',
  ],
  [
    'a demand that ends and a slow start of many replicas',
    {
      minutes: hourOf((ago) => (ago < 15 ? 20 : 200)),
      usual: { level: 200, now: 200, ahead15: 240, ahead30: 300, ahead60: 300 },
      replicas: 70,
      startupSeconds: 150,
    },
    'demand collapsing; demand far below usual; usual rise ahead; forecast above 970 %; size huge; start-up slow; afternoon',
  ],
  [
    'what is not known is said last',
    {
      features: featuresFixture({ cpuUtilization: NaN, tailLatency: NaN, hourSine: 0, hourCosine: 1 }),
      minutes: hourOf(() => NaN),
      forecast: undefined,
    },
    'size medium; night; unknown: demand, cpu, latency, forecast',
  ],
])('%s', (_, change, words) => {
  expect(summarize(situationInputsFixture(change))).toBe(words);
});

test('a forecast of an enormous rise is told in a bounded number', () => {
  expect(summarize(situationInputsFixture({ forecast: { peak: 1, upper: 1e300 } }))).toContain(
    'forecast above 1000 %',
  );
});
