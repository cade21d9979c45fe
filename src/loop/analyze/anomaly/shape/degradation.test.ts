import { awkwardSeries } from '../../../../../test/support/awkward-series.ts';
import { normal, seededRandom } from '../../../../simulate/random.ts';
import { createDegradation, observeDegradation, type Degradation } from './degradation.ts';

const DAY = 1440;

/** A service whose latency grows with its load over the day, `slower` times as slow as usual. */
function run(state: Degradation, from: number, minutes: number, slower = 1): number[] {
  const random = seededRandom(from + 1);
  return Array.from({ length: minutes }, (_, i) => {
    const load = 100 * (1 + 0.8 * Math.sin((2 * Math.PI * (from + i)) / DAY));
    const latency = 0.05 * (1 + load / 200) * Math.exp(0.1 * normal(random)) * slower;
    return observeDegradation(state, latency, load).surprise;
  });
}

const rare = (surprises: readonly number[], above: number): number =>
  surprises.filter((surprise) => surprise > above).length / surprises.length;

test('twice the latency at the usual load is surprising within three minutes', () => {
  const state = createDegradation();
  run(state, 0, 5 * DAY);
  expect(Math.max(...run(state, 5 * DAY, 5, 2))).toBeGreaterThan(3);
});

test('latency that load explains is not surprising', () => {
  const state = createDegradation();
  run(state, 0, 5 * DAY);
  expect(rare(run(state, 5 * DAY, 2 * DAY), 3)).toBeLessThan(0.003);
});

test('a load that was never seen before is not judged', () => {
  const state = createDegradation();
  run(state, 0, 2 * DAY);
  expect(observeDegradation(state, 5, 3000)).toMatchObject({ surprise: NaN, expected: NaN });
});

test('the usual latency at a load is told', () => {
  const state = createDegradation();
  run(state, 0, 5 * DAY);
  expect(observeDegradation(state, 0.075, 100).expected).toBeCloseTo(0.075, 2);
});

test.each(awkwardSeries(4000))(
  'a series that is %s is no degradation, as latency or as load',
  (_, values) => {
    const [latency, load, both] = [createDegradation(), createDegradation(), createDegradation()];
    const surprises = values.flatMap((value) => [
      observeDegradation(latency, value, 50).surprise,
      observeDegradation(load, 0.1, value).surprise,
      observeDegradation(both, value, value).surprise,
    ]);
    expect(rare(surprises, 3)).toBeLessThan(0.005);
  },
);
