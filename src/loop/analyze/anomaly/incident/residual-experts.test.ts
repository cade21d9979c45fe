import { normal, seededRandom } from '../../../../simulate/random.ts';
import { createResidualExperts, observeResiduals, type ResidualExperts } from './residual-experts.ts';

const DAY = 48;

function expertsAfter(values: readonly number[]): ResidualExperts {
  const experts = createResidualExperts({ pointsPerDay: DAY, daySlots: DAY }, 0.02);
  for (const [slot, value] of values.entries()) observeResiduals(experts, value, slot);
  return experts;
}

function days(count: number, noise: number): number[] {
  const random = seededRandom(1);
  return Array.from(
    { length: count * DAY },
    (_, i) => 100 + 40 * Math.sin((2 * Math.PI * i) / DAY) + noise * normal(random),
  );
}

test('with a daily pattern the usual value of this time of day is expected', () => {
  const values = days(10, 1);
  const experts = expertsAfter(values);
  observeResiduals(experts, 100, values.length);
  expect(Math.abs(experts.selected)).toBeLessThan(4);
  observeResiduals(experts, 140, values.length + 1);
  expect(experts.selected).toBeGreaterThan(10);
});

test('without a pattern the level is expected', () => {
  const random = seededRandom(2);
  const experts = expertsAfter(Array.from({ length: 10 * DAY }, () => 50 + normal(random)));
  expect(experts.selectionError[0]).toBeLessThan(experts.selectionError[1]!);
});

test('of a time of day that was not seen the day expert knows nothing', () => {
  const experts = expertsAfter(days(1, 1).slice(0, 40));
  expect(experts.day).toBeNaN();
  observeResiduals(experts, 100, DAY);
  expect(experts.day).not.toBeNaN();
});

test('one huge value moves what is expected no more than an error of four scales', () => {
  const random = seededRandom(3);
  const values = Array.from({ length: 500 }, () => 50 + normal(random));
  const experts = expertsAfter(values);
  const [before, scale] = [experts.level[0]!, experts.scale[0]!];
  observeResiduals(experts, 1e9, values.length);
  expect(experts.level[0]! - before).toBeCloseTo(0.02 * 4 * scale, 9);
});

test('rows that are missing do not shift the times of day', () => {
  const experts = createResidualExperts({ pointsPerDay: DAY, daySlots: DAY }, 0.02);
  const values = days(12, 0.5);
  for (const [slot, value] of values.entries()) {
    if (slot % 7 !== 3) observeResiduals(experts, value, slot);
  }
  observeResiduals(experts, 100 + 40, values.length + DAY / 4);
  expect(Math.abs(experts.selected)).toBeLessThan(5);
});
