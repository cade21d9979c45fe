import fc from 'fast-check';
import { normal, seededRandom } from '../../../../simulate/random.ts';
import { createStandardizer, standardize } from './standardizer.ts';

function run(values: readonly number[], points = 500): number[] {
  const standardizer = createStandardizer(1, points);
  const out = new Float64Array(1);
  return values.map((value) => {
    standardize(standardizer, Float64Array.of(value), out);
    return out[0]!;
  });
}

test('unit and origin make no difference', () => {
  const random = seededRandom(1);
  const values = Array.from({ length: 300 }, () => normal(random));
  const scaled = run(values.map((value) => 1e6 + 1e3 * value));
  run(values).forEach((answer, i) => {
    expect(scaled[i]).toBeCloseTo(answer, 5);
  });
});

test('a jump is far at first and the new usual in the end', () => {
  const random = seededRandom(2);
  const answers = run(
    Array.from({ length: 4000 }, (_, i) => (i < 1000 ? 0 : 50) + normal(random)),
    200,
  );
  expect(answers[1000]).toBe(8);
  expect(Math.abs(answers.slice(-100).reduce((a, b) => a + b, 0) / 100)).toBeLessThan(1);
});

test.each([
  ['constant', Array<number>(100).fill(5)],
  ['enormous', Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 1e308 : -1e308))],
  ['a first enormous value', [1e308, 1, 2, 3, 1, 2]],
])('%s: finite answers within ±8', (_, values) => {
  expect(run(values).every((answer) => Math.abs(answer) <= 8)).toBe(true);
});

test('what is not finite stays unknown and teaches nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 50 }),
      (values) => {
        const holes = values.flatMap((value) => [NaN, value, Infinity]);
        expect(run(holes).filter((answer) => !Number.isNaN(answer))).toEqual(run(values));
      },
    ),
  );
});
