import { crossValidatedNab, heldOutScore } from './nab-held-out.ts';
import { NAB_PROFILES } from './nab-rows.ts';
import { nabSweep, type NabSweep } from './nab-sweep.ts';

/** Finds its window at this score, and alarms falsely a little below it. */
function seriesWith(level: number): NabSweep {
  const scores = new Float64Array(200);
  scores[80] = level;
  scores.fill(level - 0.1, 150, 190);
  return nabSweep(scores, [{ first: 80, last: 99 }], NAB_PROFILES.standard);
}

test('each group is scored with the threshold of the others', () => {
  const { score, thresholds } = heldOutScore([seriesWith(1), seriesWith(1), seriesWith(2)], ['a', 'a', 'b']);
  expect(thresholds).toEqual(
    new Map([
      ['a', 2],
      ['b', 1],
    ]),
  );
  // Group a is silent at 2; b alarms at 1 also in 40 rows, 51 to 90 after its window of 20.
  let cost = 0;
  for (let past = 51; past <= 90; past++)
    cost += past / 19 > 3 ? -1 : 2 / (1 + Math.exp((5 * past) / 19)) - 1;
  expect(score).toBeCloseTo((100 * (0 + 0 + 2 + 0.11 * cost)) / 6, 10);
});

test('when all series need the same threshold, holding out costs nothing', () => {
  const sweeps = Array.from({ length: 8 }, () => seriesWith(1));
  expect(crossValidatedNab(sweeps, { repetitions: 10, seed: 1 })).toEqual({ mean: 100, deviation: 0 });
});

test('equal seeds give equal halves', () => {
  const sweeps = [1, 1.3, 0.7, 2, 1.1, 0.9].map(seriesWith);
  const once = crossValidatedNab(sweeps, { repetitions: 5, seed: 3 });
  expect(crossValidatedNab(sweeps, { repetitions: 5, seed: 3 })).toEqual(once);
  expect(once.mean).toBeLessThan(100);
  expect(once.deviation).toBeGreaterThan(0);
});
