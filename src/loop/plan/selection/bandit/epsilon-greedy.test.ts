import { plainMoment } from '../../../../../test/support/bandit-problem.ts';
import { createEstimates } from '../moment.ts';
import { epsilonGreedy } from './epsilon-greedy.ts';
import { addReward, createTally } from './tally.ts';

function shares(
  rewards: readonly (readonly number[])[],
  allowed: readonly number[] = rewards.map(() => 1),
  scale = 5,
) {
  const tally = createTally(rewards.length, { kind: 'None' });
  for (const [arm, some] of rewards.entries()) for (const reward of some) addReward(tally, arm, reward);
  const out = createEstimates(rewards.length);
  epsilonGreedy(tally, plainMoment(rewards.length, { allowed: Uint8Array.from(allowed) }), { out, scale });
  return [...out.probability];
}

const many = (count: number, reward: number): number[] => Array<number>(count).fill(reward);

describe('decaying ε-greedy', () => {
  test.each<[string, readonly (readonly number[])[], readonly number[], readonly number[]]>([
    ['knows nothing: any', [[], []], [1, 1], [0.5, 0.5]],
    ['knows little: any', [[0.2], [0.8]], [1, 1], [0.5, 0.5]],
    // ε = 5 × 2 ÷ 100
    ['has a hundred rewards: mostly the best', [many(50, 0.2), many(50, 0.8)], [1, 1], [0.05, 0.95]],
    ['may not take the best: the other', [many(50, 0.2), many(50, 0.8)], [1, 0], [1, 0]],
  ])('%s', (_, rewards, allowed, expected) => {
    for (const [arm, share] of shares(rewards, allowed).entries())
      expect(share).toBeCloseTo(expected[arm]!, 12);
  });

  test('explores less with a smaller scale', () => {
    expect(shares([many(50, 0.2), many(50, 0.8)], [1, 1], 1)[0]).toBeCloseTo(0.01, 12);
  });
});
