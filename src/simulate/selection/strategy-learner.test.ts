import {
  pointAt,
  situationFixture,
  WINDOW_MS,
  WINDOW_START,
} from '../../../test/support/situation-fixture.ts';
import type { Situation } from '../../loop/knowledge/situation.ts';
import type { Strategy } from '../../loop/plan/selection/strategy.ts';
import { evaluateSelection } from './evaluate-selection.ts';
import { alwaysArm } from './selection-learner.ts';
import { byStrategy, type StrategyLearnerOptions } from './strategy-learner.ts';

const WEIGHTS = { penalty: 20, most: 8 };
const OPTIONS: StrategyLearnerOptions = {
  strategy: { name: 'Replay' },
  share: 0,
  alpha: 0.05,
  seed: 1,
  neighbours: false,
  replay: true,
};

/** In rough windows the lean arm is violated for a tenth of the time, in calm ones the safe arm is dear. */
function windowOf(name: string, place: number, rough: boolean): Situation {
  const arm = (id: string, cost: number, violatedSeconds: number) => ({
    arm: id,
    replicaSeconds: 3600 * cost,
    badRequests: 0,
    violatedSeconds,
    replicasChanged: 0,
  });
  return situationFixture({
    policyUid: name,
    at: WINDOW_START + place * WINDOW_MS,
    embedding: pointAt(rough ? 2 : -2),
    arms: [arm('safe', 2, 0), arm('lean', 1, rough ? 180 : 0), arm('wild', 4, 0)],
  });
}

const workload = (name: string, rough: (place: number) => boolean): readonly Situation[] =>
  Array.from({ length: 150 }, (_, place) => windowOf(name, place, rough(place)));

const calm = [workload('a', () => false), workload('b', () => false)];
const alternating = [workload('a', (place) => place % 4 < 2), workload('b', (place) => place % 4 < 2)];

function later(
  workloads: readonly (readonly Situation[])[],
  change: Partial<StrategyLearnerOptions>,
): number {
  const [score] = evaluateSelection(workloads, [byStrategy({ ...OPTIONS, ...change })], WEIGHTS);
  return score!.losses[0]!.later;
}

describe('a strategy of the loop', () => {
  test.each<Strategy>([
    { name: 'Replay' },
    { name: 'EpsilonGreedy' },
    { name: 'UCB1' },
    { name: 'KLUCB' },
    { name: 'ThompsonSampling' },
    { name: 'LinearThompson' },
    { name: 'LinUCB' },
  ])('finds the arm that is always best: %j', (strategy) => {
    expect(later(calm, { strategy })).toBeLessThan(1.05);
  });

  test('with neighbours finds the arm that is best in each situation', () => {
    expect(later(alternating, { neighbours: true })).toBeCloseTo(1.5, 1);
    expect(later(alternating, {})).toBeGreaterThan(1.8);
  });

  test('with a line does so alone', () => {
    expect(later(alternating, { strategy: { name: 'LinUCB' }, share: 1, alpha: 1 })).toBeLessThan(1.65);
  });

  test('that tries nothing and is told nothing of the other arms stays with the first', () => {
    const [score] = evaluateSelection(
      calm,
      [byStrategy({ ...OPTIONS, strategy: { name: 'UCB1' }, replay: false }), alwaysArm('safe')],
      WEIGHTS,
    );
    expect(score!.losses[0]).toEqual(score!.losses[1]);
  });

  test('is the same for the same seed', () => {
    const change = { strategy: { name: 'ThompsonSampling' }, share: 0.5, alpha: 1 } as const;
    expect(later(calm, { ...change, seed: 5 })).toBe(later(calm, { ...change, seed: 5 }));
  });
});
