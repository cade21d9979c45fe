import { serialize } from 'node:v8';
import fc from 'fast-check';
import { normal, seededRandom } from '../../../../simulate/random.ts';
import { createAlarmLadder, mergeLadders, observeLadder, RUNGS, type AlarmLadder } from './alarm-ladder.ts';
import { fleetThreshold, priorThreshold, seriesThreshold } from './alarm-threshold.ts';

const STEP = 60;
const WEEK = 10_080;
const BUDGET = { falseAlarmsPerWeek: 1, priorThreshold: 4 };

function watch(ladder: AlarmLadder, points: number, scoreAt: (i: number) => number): AlarmLadder {
  for (let i = 0; i < points; i++) observeLadder(ladder, scoreAt(i), STEP);
  return ladder;
}

/** After its warm-up. */
function settled(): AlarmLadder {
  return watch(createAlarmLadder(), WEEK, () => 0);
}

test('one alarm is one, however often it is above the threshold within an hour', () => {
  const ladder = watch(settled(), 1000, (i) => (i < 200 && i % 30 === 0 ? 5 : 0));
  const { alarms } = mergeLadders([ladder]);
  for (let rung = 0; rung < RUNGS.length; rung++) {
    expect(alarms[rung]).toBeCloseTo(RUNGS[rung]! <= 5 ? 1 : 0, 1);
  }
});

test('two that are more than an hour apart are two', () => {
  const ladder = watch(settled(), 400, (i) => (i === 10 || i === 90 ? 5 : 0));
  expect(mergeLadders([ladder]).alarms[0]).toBeCloseTo(2, 1);
});

test('what is said in the first week does not count', () => {
  const { alarms, seriesWeeks } = mergeLadders([watch(createAlarmLadder(), WEEK, () => 9)]);
  expect(Math.max(...alarms)).toBe(0);
  expect(seriesWeeks).toBe(0);
});

test('what is unknown counts neither as watched nor as quiet', () => {
  const before = mergeLadders([settled()]);
  expect(mergeLadders([watch(settled(), 5000, () => NaN)])).toEqual(before);
});

test('after 14 days a third is left of an alarm and of the time it was in', () => {
  const ladder = watch(settled(), 2 * WEEK, (i) => (i === 0 ? 5 : 0));
  const { alarms, seriesWeeks } = mergeLadders([ladder]);
  expect(alarms[0]).toBeCloseTo(Math.exp(-1), 2);
  expect(seriesWeeks).toBeCloseTo(2 * (1 - Math.exp(-1)), 1);
});

test('a year of alarms leaves finite counts', () => {
  const { alarms, seriesWeeks } = mergeLadders([
    watch(settled(), 52 * WEEK, (i) => (i % 1440 === 0 ? 5 : 0)),
  ]);
  expect(seriesWeeks).toBeCloseTo(2, 1);
  expect(alarms[0]).toBeGreaterThan(12);
  expect(alarms[0]).toBeLessThan(15);
});

test('a ladder is stored in less than 400 bytes, of which 240 are counts', () => {
  expect(serialize(settled()).length).toBeLessThan(400);
});

const heights = fc.array(fc.double({ min: 0, max: 60, noNaN: true }), { minLength: 1, maxLength: 20 });
/** A fleet that was watched for two weeks after its first, with peaks of these heights. */
const fleets = fc.array(heights, { minLength: 1, maxLength: 4 }).map((fleet) =>
  fleet.map((peaks) => {
    const ladder = createAlarmLadder();
    for (let hour = 0; hour < 504; hour++) {
      observeLadder(ladder, hour % 24 === 0 ? (peaks[(hour / 24) % peaks.length] ?? 0) : 0, 3600);
    }
    return ladder;
  }),
);

test('merged is the sum', () => {
  fc.assert(
    fc.property(fleets, (fleet) => {
      const merged = mergeLadders(fleet);
      const singles = fleet.map((ladder) => mergeLadders([ladder]));
      for (let rung = 0; rung < RUNGS.length; rung++) {
        expect(merged.alarms[rung]).toBeCloseTo(
          singles.reduce((sum, { alarms }) => sum + alarms[rung]!, 0),
          9,
        );
      }
      expect(merged.seriesWeeks).toBeCloseTo(
        singles.reduce((sum, { seriesWeeks }) => sum + seriesWeeks, 0),
        9,
      );
    }),
    { numRuns: 50 },
  );
});

test('a larger budget never has a higher threshold, and the budget holds above it', () => {
  const budgets = fc.double({ min: 0.01, max: 20, noNaN: true });
  fc.assert(
    fc.property(fleets, budgets, budgets, (fleet, one, other) => {
      const counts = mergeLadders(fleet);
      const at = (falseAlarmsPerWeek: number): number =>
        fleetThreshold(counts, { falseAlarmsPerWeek, priorThreshold: 4 });
      expect(at(Math.max(one, other))).toBeLessThanOrEqual(at(Math.min(one, other)));
      const rung = RUNGS.indexOf(at(one));
      if (rung < RUNGS.length - 1) {
        expect(counts.alarms[rung]).toBeLessThanOrEqual(2.5 * one * counts.seriesWeeks);
      }
      for (const ladder of fleet) {
        expect(seriesThreshold(mergeLadders([ladder]), at(one), BUDGET)).toBeGreaterThanOrEqual(at(one));
      }
    }),
    { numRuns: 50 },
  );
});

test('until a week was watched the prior threshold holds', () => {
  expect(fleetThreshold(mergeLadders([]), BUDGET)).toBe(4);
  expect(fleetThreshold(mergeLadders([watch(settled(), WEEK / 2, () => 9)]), BUDGET)).toBe(4);
});

test.each([
  ['one of eight signals, minute by minute', 1, 8 * WEEK, 4.91],
  ['half of one', 0.5, 8 * WEEK, 5.21],
  ['two', 2, 8 * WEEK, 4.61],
  ['one of a single signal', 1, WEEK, 4],
  ['more than are counted: the lowest rung', 1000, WEEK, RUNGS[0]!],
])('the prior threshold for false alarms a week: %s', (_, falseAlarmsPerWeek, pValues, threshold) => {
  expect(priorThreshold(falseAlarmsPerWeek, pValues)).toBeCloseTo(threshold, 2);
});

test.each([
  ['that have nothing in common', 1, 3],
  ['that are always the same', 3, 1],
])('at the prior threshold three p-values %s raise no more alarms than are accepted', (_, each, draws) => {
  const random = seededRandom(11);
  const weeks = 60;
  const accepted = 2;
  const at = priorThreshold(accepted, each * draws * WEEK);
  let alarms = 0;
  for (let minute = 0; minute < weeks * WEEK; minute++) {
    const smallest = Math.min(...Array.from({ length: draws }, random));
    if (-Math.log10(smallest) >= at) alarms += 1;
  }
  // As many as are accepted, or a third of it where three show the same; three standard deviations around it.
  const expected = (accepted * weeks) / each;
  expect(Math.abs(alarms - expected)).toBeLessThan(3 * Math.sqrt(expected));
});

test('a loud series is quieted alone: the others keep their threshold', () => {
  const random = seededRandom(4);
  const quiet = Array.from({ length: 30 }, () => watch(settled(), 2 * WEEK, () => Math.abs(normal(random))));
  const loud = watch(settled(), 2 * WEEK, (i) => (i % 240 === 0 ? 8 : 0));
  const fleet = fleetThreshold(mergeLadders([...quiet, loud]), { ...BUDGET, falseAlarmsPerWeek: 3 });
  expect(fleet).toBeLessThan(5);
  expect(seriesThreshold(mergeLadders([loud]), fleet, BUDGET)).toBeGreaterThan(8);
  expect(seriesThreshold(mergeLadders([quiet[0]!]), fleet, BUDGET)).toBe(fleet);
});

test.each([0, -1, NaN])('a budget of %d is refused', (falseAlarmsPerWeek) => {
  expect(() => fleetThreshold(mergeLadders([]), { ...BUDGET, falseAlarmsPerWeek })).toThrow(/above 0/);
});
