import fc from 'fast-check';
import { NAB_PROFILES } from './nab-rows.ts';
import { bestNabThreshold, nabScore, nabSweep } from './nab-sweep.ts';

const { standard, lowFalsePositives, lowFalseNegatives } = NAB_PROFILES;
const WINDOW = [{ first: 40, last: 49 }];
/** Worth of the sixth row of ten: 0.84828 ÷ 0.98661. */
const SIXTH = (2 / (1 + Math.exp(-2.5)) - 1) / (2 / (1 + Math.exp(-5)) - 1);

function scoresOf(rows: number, some: Readonly<Record<number, number>>): Float64Array {
  const scores = new Float64Array(rows);
  for (const [row, score] of Object.entries(some)) scores[Number(row)] = score;
  return scores;
}

/** One alarm in the window, then a false one far before it, then the window's first row. */
const SCORES = scoresOf(100, { 45: 0.9, 20: 0.8, 40: 0.7 });

test.each([
  ['the alarm in the window alone', standard, 0.9, (100 * (SIXTH + 1)) / 2],
  ['with the false alarm', standard, 0.8, (100 * (SIXTH - 0.11 + 1)) / 2],
  ['with the first row too: the best row counts', standard, 0.7, (100 * (1 - 0.11 + 1)) / 2],
  ['false alarms twice as dear', lowFalsePositives, 0.7, (100 * (1 - 0.22 + 1)) / 2],
  [
    'misses twice as dear: a perfect score is three above silence',
    lowFalseNegatives,
    0.7,
    (100 * (1 - 0.11 + 2)) / 3,
  ],
  ['silence', standard, 1, 0],
])('%s', (_, profile, threshold, expected) => {
  expect(nabScore([nabSweep(SCORES, WINDOW, profile)], threshold)).toBeCloseTo(expected, 10);
});

test.each([
  ['standard takes the false alarm for the first row', standard, 0.7],
  ['low false positives do not', lowFalsePositives, 0.9],
])('the best threshold: %s', (_, profile, threshold) => {
  const sweep = nabSweep(SCORES, WINDOW, profile);
  expect(bestNabThreshold([sweep])).toEqual({ threshold, score: nabScore([sweep], threshold) });
});

test('rows that are not scored neither earn nor cost', () => {
  const sweep = nabSweep(scoresOf(100, { 5: 9, 40: 1 }), WINDOW, standard);
  expect(nabScore([sweep], 1)).toBeCloseTo(100, 12);
});

test('one threshold serves all series: both are counted together', () => {
  const found = nabSweep(scoresOf(100, { 40: 0.6 }), WINDOW, standard);
  const noisy = nabSweep(scoresOf(100, { 20: 0.6, 21: 0.6 }), WINDOW, standard);
  expect(nabScore([found, noisy], 0.6)).toBeCloseTo((100 * (1 - 2 * 0.11 - 1 + 2)) / 4, 10);
});

test('when every alarm costs more than it earns, silence is best', () => {
  const sweep = nabSweep(scoresOf(100, { 20: 1 }), WINDOW, standard);
  expect(bestNabThreshold([sweep])).toEqual({ threshold: Infinity, score: 0 });
});

test('without any window there is no score; unknown scores are no alarms', () => {
  expect(nabScore([nabSweep(scoresOf(100, { 20: 1 }), [], standard)], 1)).toBeNaN();
  const sweep = nabSweep(new Float64Array(100).fill(NaN), WINDOW, standard);
  expect(nabScore([sweep], -Infinity)).toBe(0);
});

test('no threshold does better than the best one', () => {
  const score = fc.constantFrom(0, 0.2, 0.4, 0.6, 0.8, 1);
  const series = fc.array(score, { minLength: 100, maxLength: 100 });
  fc.assert(
    fc.property(fc.array(series, { minLength: 1, maxLength: 3 }), score, (all, threshold) => {
      const sweeps = all.map((scores) => nabSweep(Float64Array.from(scores), WINDOW, standard));
      expect(bestNabThreshold(sweeps).score).toBeGreaterThanOrEqual(nabScore(sweeps, threshold) - 1e-9);
    }),
  );
});
