import { createPacing, pace } from './pacing.ts';

function paced(scores: readonly number[]): number[] {
  const pacing = createPacing();
  return scores.map((score) => pace(pacing, score));
}

test('after an alarm only one that is larger by more than a half counts', () => {
  expect(paced([3, 3, 3.5, 3.6, 4, 4.2])).toEqual([3, 0, 0, 3.6, 0, 4.2]);
});

test('low scores pass and rest nothing', () => {
  expect(paced([1, 1.5, 1.2, 1])).toEqual([1, 1.5, 1.2, 1]);
});

test('after 150 points of rest an equal alarm counts again', () => {
  const scores = paced([4, ...Array<number>(149).fill(0), 4, 4]);
  expect(scores.slice(-2)).toEqual([0, 4]);
});
