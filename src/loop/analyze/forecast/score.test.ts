import { accuracyOf, coverageOf, createScore, learnScore, skillOf, type Score } from './score.ts';

const QUANTILES = [50, 80, 90, 95, 97.5, 99];

/** Maxima spread evenly over 0 … 100, against quantiles that are right for them. */
function evenScore(count: number): Score {
  const score = createScore(1);
  for (let i = 0; i < count; i++) learnScore(score, QUANTILES, 40, ((i * 37) % 100) + 0.5);
  return score;
}

test('nothing is claimed before a hundred windows are complete', () => {
  const score = evenScore(99);
  expect([coverageOf(score, 0.95), accuracyOf(score), skillOf(score)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test.each([0.5, 0.6, 0.75, 0.9, 0.95, 0.97, 0.99])(
  'coverage at %d is the share of maxima under that very bound',
  (confidence) => {
    expect(coverageOf(evenScore(5000), confidence)).toBeCloseTo(confidence, 2);
  },
);

test('a maximum equal to the bound is covered', () => {
  const score = createScore(1);
  for (let i = 0; i < 200; i++) learnScore(score, [7, 7, 7, 7, 7, 7], 7, 7);
  expect(coverageOf(score, 0.5)).toBeCloseTo(1, 9);
  expect(accuracyOf(score)).toBe(1);
  expect(skillOf(score)).toBeUndefined();
});

test('misses of the last day weigh more than those of last week', () => {
  const score = createScore(1);
  for (let i = 0; i < 7 * 1440; i++) learnScore(score, QUANTILES, 40, 10);
  for (let i = 0; i < 1440; i++) learnScore(score, QUANTILES, 40, 120);
  expect(coverageOf(score, 0.95)).toBeCloseTo(0.5, 1);
});

test('skill compares with the last value and accuracy with the demand', () => {
  const score = createScore(1);
  for (let i = 0; i < 200; i++) learnScore(score, [90, 95, 96, 97, 98, 99], 60, 100);
  expect(accuracyOf(score)).toBeCloseTo(0.9, 9);
  expect(skillOf(score)).toBeCloseTo(0.75, 9);
});

test('a median that expects demand where there is none has no accuracy', () => {
  const score = createScore(1);
  for (let i = 0; i < 200; i++) learnScore(score, QUANTILES, 0, 0);
  expect(accuracyOf(score)).toBe(0);
});
