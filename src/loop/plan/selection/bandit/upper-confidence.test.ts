import { plainMoment } from '../../../../../test/support/bandit-problem.ts';
import { createEstimates, type Moment } from '../moment.ts';
import { addReward, createTally, type Tally } from './tally.ts';
import { bernoulliDivergence, klBound, klUpperConfidence, upperConfidence } from './upper-confidence.ts';

function chosen(strategy: typeof upperConfidence, tally: Tally, change: Partial<Moment> = {}): number {
  const out = createEstimates(tally.arms);
  strategy(tally, plainMoment(tally.arms, change), out);
  return out.probability.indexOf(1);
}

function tallied(...rewards: readonly (readonly number[])[]): Tally {
  const tally = createTally(rewards.length, { kind: 'None' });
  for (const [arm, some] of rewards.entries()) for (const reward of some) addReward(tally, arm, reward);
  return tally;
}

const many = (count: number, reward: number): number[] => Array<number>(count).fill(reward);

describe.each([
  ['UCB1', upperConfidence],
  ['KL-UCB', klUpperConfidence],
])('%s', (_, strategy) => {
  test('takes what it does not know first', () => {
    expect(chosen(strategy, tallied(many(9, 1), [], many(9, 1)))).toBe(1);
  });

  test('takes the better of two that are known as well', () => {
    expect(chosen(strategy, tallied(many(50, 0.4), many(50, 0.6)))).toBe(1);
  });

  test('takes the less known of two that are as good', () => {
    expect(chosen(strategy, tallied(many(500, 0.5), many(5, 0.5)))).toBe(1);
  });

  test('never takes what is not allowed', () => {
    const tally = tallied(many(50, 0.4), many(50, 0.9), []);
    expect(chosen(strategy, tally, { allowed: Uint8Array.of(1, 0, 0) })).toBe(0);
  });

  test('counts choices whose outcome is to come: it goes on to the next', () => {
    const tally = tallied([], [], []);
    expect(chosen(strategy, tally, { waiting: Float64Array.of(1, 0, 0) })).toBe(1);
    expect(chosen(strategy, tally, { waiting: Float64Array.of(1, 1, 0) })).toBe(2);
  });

  test('of arms that are alike takes that with the higher rank, then the first', () => {
    const tally = tallied(many(5, 0.5), many(5, 0.5), many(5, 0.5));
    expect(chosen(strategy, tally)).toBe(0);
    expect(chosen(strategy, tally, { ranked: Float64Array.of(0.1, 0.1, 0.2) })).toBe(2);
  });
});

test('UCB1 is the formula of its paper', () => {
  // 0.5 + √(2 ln 110 ÷ 10) = 1.470 and 0.9 + √(2 ln 110 ÷ 100) = 1.207
  expect(chosen(upperConfidence, tallied(many(10, 0.5), many(100, 0.9)))).toBe(0);
  // 0.5 + √(2 ln 220 ÷ 20) = 1.234 and 0.95 + √(2 ln 220 ÷ 200) = 1.182; with 0.3 it is 1.034
  expect(chosen(upperConfidence, tallied(many(20, 0.5), many(200, 0.95)))).toBe(0);
  expect(chosen(upperConfidence, tallied(many(20, 0.3), many(200, 0.95)))).toBe(1);
});

test.each([
  [0.5, 0.1],
  [0.9, 0.02],
  [0, 0.3],
  [0.99, 2],
])('the bound above %d is where the divergence is %d', (mean, divergence) => {
  const bound = klBound(mean, divergence);
  expect(bound).toBeGreaterThan(mean);
  if (bound < 1) expect(bernoulliDivergence(mean, bound)).toBeCloseTo(divergence, 4);
});

test('the bound of a certain reward is 1', () => {
  expect(klBound(1, 0.1)).toBe(1);
  expect(klBound(0.5, 0)).toBe(0.5);
});
