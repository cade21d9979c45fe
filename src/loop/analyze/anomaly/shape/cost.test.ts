import { awkwardSeries } from '../../../../../test/support/awkward-series.ts';
import { normal, seededRandom } from '../../../../simulate/random.ts';
import { createCostWatch, observeCost, type CostFinding, type CostWatch } from './cost.ts';

const MINUTE = 60_000;
const WEEK = 7 * 1440;

/** Dear by day and on weekdays; `factor` times as dear as usual. */
function run(watch: CostWatch, from: number, minutes: number, factor = 1): CostFinding[] {
  const random = seededRandom(from + 1);
  return Array.from({ length: minutes }, (_, i) => {
    const minute = from + i;
    const weekend = minute % WEEK >= 5 * 1440;
    const rate = (weekend ? 2 : 4) + Math.sin((2 * Math.PI * minute) / 1440);
    return observeCost(watch, rate * factor * Math.exp(0.03 * normal(random)), minute * MINUTE);
  });
}

test('twice the usual cost is surprising, and above its band', () => {
  const watch = createCostWatch();
  run(watch, 0, 3 * WEEK);
  const [dear] = run(watch, 3 * WEEK, 1, 2);
  expect(dear?.surprise).toBeGreaterThan(3);
  expect(dear?.upper).toBeLessThan(2 * (dear?.expected ?? NaN));
});

test('weekends and nights are not surprising', () => {
  const watch = createCostWatch();
  run(watch, 0, 3 * WEEK);
  const week = run(watch, 3 * WEEK, WEEK);
  expect(week.filter(({ surprise }) => surprise > 3).length).toBeLessThan(0.003 * WEEK);
});

test('the band holds most minutes', () => {
  const watch = createCostWatch();
  run(watch, 0, 4 * WEEK);
  const random = seededRandom(9);
  const inside = Array.from({ length: 1000 }, (_, i) => {
    const rate = 4 * Math.exp(0.03 * normal(random));
    const { lower, upper } = observeCost(structuredClone(watch), rate, (4 * WEEK + i / 100) * MINUTE);
    return Number(lower <= rate && rate <= upper);
  });
  expect(inside.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(850);
});

test('on the first day nothing is usual', () => {
  const findings = run(createCostWatch(), 0, 1440);
  expect(findings.every(({ surprise, expected }) => Number.isNaN(surprise) && Number.isNaN(expected))).toBe(
    true,
  );
});

test('a cheap namespace is not surprising', () => {
  const watch = createCostWatch();
  run(watch, 0, 3 * WEEK);
  expect(run(watch, 3 * WEEK, 1, 0.3)[0]?.surprise).toBeLessThan(1);
});

test.each(awkwardSeries(6000))('a cost that is %s raises no storm', (_, values) => {
  const watch = createCostWatch();
  const surprising = values.filter((rate, i) => observeCost(watch, rate, i * MINUTE).surprise > 3);
  expect(surprising.length).toBeLessThan(0.02 * values.length);
});
