import fc from 'fast-check';
import {
  alarmEpisodes,
  budgetThreshold,
  recallAtFalseRate,
  scoreAlarms,
  type ScoredSeries,
} from './alarm-budget.ts';

const STEP = 300;
const WEEK = 2016;

/** Zero but at these points; a week to set thresholds from, and one that is judged. */
function series(
  peaks: Readonly<Record<number, number>>,
  events: readonly [number, number][] = [],
): ScoredSeries {
  const scores = new Float64Array(2 * WEEK);
  for (const [point, score] of Object.entries(peaks)) scores[Number(point)] = score;
  return { scores, from: 0, split: WEEK, events: events.map(([first, last]) => ({ first, last })) };
}

test('alarms an hour apart are one, and more than an hour two', () => {
  const span = { from: 0, to: WEEK, threshold: 1, stepSeconds: STEP };
  expect(alarmEpisodes(series({ 10: 1, 22: 1 }), span)).toEqual([{ first: 10, last: 22 }]);
  expect(alarmEpisodes(series({ 10: 1, 23: 1 }), span)).toHaveLength(2);
});

test('the worked case: two of three found, one false alarm in a week, late by five and twenty minutes', () => {
  const one = series({ 2100: 5, 2304: 5, 3000: 4 }, [
    [2099, 2110],
    [2300, 2320],
    [3500, 3510],
  ]);
  expect(scoreAlarms([one], () => 4, STEP)).toEqual({
    events: 3,
    found: 2,
    falseAlarms: 1,
    seriesWeeks: 1,
    recall: 2 / 3,
    precision: 2 / 3,
    f1: 2 / 3,
    falseAlarmsPerWeek: 1,
    medianDelaySeconds: 300,
    p90DelaySeconds: 1200,
  });
});

test('one alarm at the end of a long event finds it once: nothing is adjusted', () => {
  const one = series({ 2600: 5 }, [[2100, 2600]]);
  expect(scoreAlarms([one], () => 5, STEP)).toMatchObject({
    found: 1,
    falseAlarms: 0,
    medianDelaySeconds: 150_000,
  });
});

test('an alarm that goes on from before an event is not false, and finds it', () => {
  const one = series({ 2098: 5, 2105: 5 }, [[2100, 2110]]);
  expect(scoreAlarms([one], () => 5, STEP)).toMatchObject({ found: 1, falseAlarms: 0 });
});

test('an alarm just after an event is false', () => {
  const one = series({ 2111: 5 }, [[2100, 2110]]);
  expect(scoreAlarms([one], () => 5, STEP)).toMatchObject({ found: 0, falseAlarms: 1 });
});

test('unknown scores alarm nobody', () => {
  const one = series({ 2100: NaN, 100: NaN }, [[2100, 2101]]);
  expect(scoreAlarms([one], () => 0.1, STEP)).toMatchObject({ found: 0, falseAlarms: 0 });
  expect(budgetThreshold([one], 1, STEP)).toBe(Infinity);
});

test('two alarms a week are accepted: the second highest is the threshold, whatever comes after the split', () => {
  const one = series({ 100: 9, 300: 7, 500: 5, 2500: 100 });
  expect(budgetThreshold([one], 2, STEP)).toBe(7);
});

test('for two series it is one threshold, and the budget is that of both', () => {
  const loud = series({ 100: 9, 300: 8, 500: 7 });
  expect(budgetThreshold([loud, series({})], 1, STEP)).toBe(8);
});

test('what is before its first counted point sets no threshold', () => {
  const one = { ...series({ 10: 99, 1500: 5 }), from: 1008 };
  expect(budgetThreshold([one], 2, STEP)).toBe(5);
});

test('recall at a rate of false alarms is read between thresholds', () => {
  const one = series({ 2100: 9, 2400: 8, 2700: 7, 3000: 6 }, [
    [2100, 2100],
    [3000, 3000],
  ]);
  expect(recallAtFalseRate([one], 0, STEP)).toBe(0.5);
  expect(recallAtFalseRate([one], 2, STEP)).toBe(1);
});

test('labels never move a threshold, and a larger budget never raises it', () => {
  const peaks = fc.dictionary(
    fc.integer({ min: 0, max: 2 * WEEK - 1 }).map(String),
    fc.double({ min: 0.1, max: 50, noNaN: true }),
    { maxKeys: 30 },
  );
  fc.assert(
    fc.property(peaks, fc.double({ min: 0, max: 10, noNaN: true }), (heights, budget) => {
      const plain = series(heights);
      const labelled = { ...plain, events: [{ first: WEEK, last: WEEK + 50 }] };
      const threshold = budgetThreshold([plain], budget, STEP);
      expect(budgetThreshold([labelled], budget, STEP)).toBe(threshold);
      expect(budgetThreshold([plain], budget + 1, STEP)).toBeLessThanOrEqual(threshold);
      const span = { from: 0, to: WEEK, threshold, stepSeconds: STEP };
      expect(alarmEpisodes(plain, span).length).toBeLessThanOrEqual(budget + 1e-9);
    }),
  );
});
