import { plainMoment } from '../../../../../test/support/bandit-problem.ts';
import { createEstimates, type Estimates } from '../moment.ts';
import { addReward, createTally, type Tally } from './tally.ts';
import { betaThompson, normalThompson } from './thompson.ts';

function tallied(...rewards: readonly (readonly number[])[]): Tally {
  const tally = createTally(rewards.length, { kind: 'None' });
  for (const [arm, some] of rewards.entries()) for (const reward of some) addReward(tally, arm, reward);
  return tally;
}

function estimated(strategy: typeof betaThompson, tally: Tally, allowed?: Uint8Array): Estimates {
  const out = createEstimates(tally.arms);
  strategy(tally, plainMoment(tally.arms, allowed === undefined ? {} : { allowed }), out);
  return out;
}

const many = (count: number, reward: number): number[] => Array<number>(count).fill(reward);

describe.each([
  ['beta', betaThompson],
  ['normal', normalThompson],
])('%s Thompson sampling', (_, strategy) => {
  test('takes arms of which nothing is known as often as each other', () => {
    for (const share of estimated(strategy, tallied([], [], [], [])).probability)
      expect(share).toBeCloseTo(0.25, 6);
  });

  test('takes the better one more often, and the more so the more is known', () => {
    const shares = [2, 20, 200].map(
      (count) => estimated(strategy, tallied(many(count, 0.4), many(count, 0.6))).probability[1]!,
    );
    expect(shares[0]).toBeGreaterThan(0.5);
    expect(shares[1]).toBeGreaterThan(shares[0]!);
    expect(shares[2]).toBeGreaterThan(0.99);
  });

  test('never takes what is not allowed', () => {
    const { probability } = estimated(strategy, tallied(many(9, 0.1), many(9, 1)), Uint8Array.of(1, 0));
    expect([...probability]).toEqual([1, 0]);
  });
});

test('beta Thompson sampling has the posterior of Beta(1, 1) and the rewards', () => {
  const { mean, deviation } = estimated(betaThompson, tallied([1, 1, 1, 0], []));
  // Beta(4, 2): mean 2 ÷ 3, variance 8 ÷ (36 × 7)
  expect(mean[0]).toBeCloseTo(2 / 3, 12);
  expect(deviation[0]).toBeCloseTo(Math.sqrt(8 / 252), 12);
  expect(mean[1]).toBe(0.5);
  expect(deviation[1]).toBeCloseTo(Math.sqrt(1 / 12), 12);
});

test('of rewards that hardly vary the normal form tells sooner which are better', () => {
  const close = tallied(many(50, 0.9), many(50, 0.94));
  expect(estimated(normalThompson, close).probability[1]).toBeGreaterThan(0.95);
  expect(estimated(betaThompson, close).probability[1]).toBeLessThan(0.9);
});
