import { alarmScore, continuousSum, likelihoodSum } from './fusion.ts';
import { STREAM, STREAMS } from './streams.ts';

function surprisesOf(some: Partial<Record<keyof typeof STREAM, number>>): Float64Array {
  const surprises = new Float64Array(STREAMS).fill(NaN);
  for (const [name, value] of Object.entries(some)) surprises[STREAM[name as keyof typeof STREAM]] = value;
  return surprises;
}

test.each([
  ['nothing known is no alarm', {}, 0],
  ['one stream alone is its own surprise', { range: 4 }, 4],
  ['two that agree are a little more than one', { range: 3, shift: 3 }, 3 * 2 ** 0.25],
  ['a flat line counts less', { flat: 4 }, 2.8],
  ['a single value far from usual is not an incident', { residual: 8, slowResidual: 8 }, 0],
])('%s', (_, some, expected) => {
  expect(alarmScore(surprisesOf(some))).toBeCloseTo(expected, 12);
});

test('the continuous score also follows the range, the likelihood does not', () => {
  const surprises = surprisesOf({ range: 2, residual: 1, hourSpread: 0.5 });
  expect(likelihoodSum(surprises)).toBe(1.5);
  expect(continuousSum(surprises)).toBe(3.5);
});
