import fc from 'fast-check';
import { normal, seededRandom } from '../../../../simulate/random.ts';
import { createTailCalibrator, surprise } from './tail-calibrator.ts';

const FOREVER = { effectiveSamples: Infinity, robust: false };

const score = fc.oneof(
  fc.double({ min: 0, max: 1e300, noNaN: true }),
  fc.double({ min: 0, max: 10, noNaN: true }),
);
const options = fc.record({
  effectiveSamples: fc.constantFrom(2, 50, 4032, Infinity),
  robust: fc.boolean(),
});

test('a surprise is from 0 to 12, whatever the scores', () => {
  fc.assert(
    fc.property(options, fc.array(score, { minLength: 1, maxLength: 200 }), (how, scores) => {
      const calibrator = createTailCalibrator(how);
      for (const value of scores) {
        const s = surprise(calibrator, value);
        expect(s).toBeGreaterThanOrEqual(0);
        expect(s).toBeLessThanOrEqual(12);
      }
    }),
  );
});

test('it reads before it learns: of two next scores the larger is at least as surprising', () => {
  fc.assert(
    fc.property(fc.array(score, { minLength: 25, maxLength: 100 }), score, score, (past, a, b) => {
      const calibrator = createTailCalibrator(FOREVER);
      for (const value of past) surprise(calibrator, value);
      const larger = surprise(structuredClone(calibrator), Math.max(a, b));
      const smaller = surprise(calibrator, Math.min(a, b));
      expect(larger).toBeGreaterThanOrEqual(smaller - 1e-9);
    }),
  );
});

test('of an unknown score it learns nothing', () => {
  const calibrator = createTailCalibrator(FOREVER);
  for (let i = 0; i < 30; i++) surprise(calibrator, i);
  const before = structuredClone(calibrator);
  expect(surprise(calibrator, NaN)).toBeNaN();
  expect(calibrator).toEqual(before);
});

test('it says nothing before it has seen more than 20 scores', () => {
  const calibrator = createTailCalibrator(FOREVER);
  for (let i = 0; i < 20; i++) expect(surprise(calibrator, 1)).toBe(0);
  expect(surprise(calibrator, 1000)).toBe(0);
  expect(surprise(calibrator, 1000)).toBeGreaterThan(1);
});

test('an infinite score is as rare as can be', () => {
  const calibrator = createTailCalibrator(FOREVER);
  for (let i = 0; i < 30; i++) surprise(calibrator, 1);
  expect(surprise(calibrator, Infinity)).toBe(12);
});

test('a negative score counts as zero', () => {
  const [a, b] = [createTailCalibrator(FOREVER), createTailCalibrator(FOREVER)];
  for (let i = 0; i < 40; i++) expect(surprise(a, -i)).toBe(surprise(b, 0));
});

test.each([
  ['normal scores', (random: () => number) => Math.abs(normal(random))],
  ['exponential scores', (random: () => number) => -Math.log(1 - random())],
  ['scores with a heavy tail', (random: () => number) => (1 - random()) ** -0.5 - 1],
])('of independent %s, p is as often below a level as the level says', (_, draw) => {
  const random = seededRandom(7);
  const calibrator = createTailCalibrator(FOREVER);
  const total = 200_000;
  const below = new Map([0.5, 0.1, 0.01, 0.001].map((level) => [level, 0]));
  for (let i = 0; i < total; i++) {
    const p = 10 ** -surprise(calibrator, draw(random));
    for (const [level, count] of below) if (p <= level) below.set(level, count + 1);
  }
  // A power law for the tail is cautious where the true one is thinner, as the normal one is.
  for (const [level, count] of below) {
    expect(count / total / level).toBeGreaterThan(0.4);
    expect(count / total / level).toBeLessThan(1.5);
  }
});

test('what it forgets no longer makes a score ordinary', () => {
  const surpriseAfterQuiet = (effectiveSamples: number): number => {
    const random = seededRandom(3);
    const calibrator = createTailCalibrator({ effectiveSamples, robust: false });
    for (let i = 0; i < 500; i++) surprise(calibrator, 50 + random());
    for (let i = 0; i < 2000; i++) surprise(calibrator, random());
    return surprise(calibrator, 50);
  };
  expect(surpriseAfterQuiet(200)).toBeGreaterThan(3);
  expect(surpriseAfterQuiet(Infinity)).toBeLessThan(1);
});

test('with its weights rescaled it goes on as before', () => {
  const random = seededRandom(5);
  const short = createTailCalibrator({ effectiveSamples: 100, robust: false });
  const seen: number[] = [];
  for (let i = 0; i < 12_000; i++) seen.push(surprise(short, random()));
  expect(short.weight).toBeLessThan(1e12);
  const rare = (part: readonly number[]): number => part.filter((s) => s > 1).length / part.length;
  expect(rare(seen.slice(-4000))).toBeCloseTo(rare(seen.slice(100, 4100)), 1);
});

test('the robust one keeps repeated anomalies surprising', () => {
  const last = (robust: boolean): number => {
    const random = seededRandom(11);
    const calibrator = createTailCalibrator({ effectiveSamples: Infinity, robust });
    let s = 0;
    for (let i = 0; i < 4000; i++) {
      s = surprise(calibrator, i % 40 === 39 ? 30 + random() : random());
    }
    return s;
  };
  expect(last(true)).toBeGreaterThan(last(false) + 1);
});

test.each([1, 0, -5, NaN])('a memory of %d scores is refused', (effectiveSamples) => {
  expect(() => createTailCalibrator({ effectiveSamples, robust: false })).toThrow(/effectiveSamples/);
});
