import { pointAt, situationFixture, WINDOW_START } from '../../../../test/support/situation-fixture.ts';
import type { Censoring, RawOutcome, Situation } from '../situation.ts';
import { neighbourRewards, windowOutcome } from './window-outcome.ts';

const ARMS = ['safe', 'lean', 'new'];

const arm = (id: string, cost: number, violatedSeconds = 0) => ({
  arm: id,
  replicaSeconds: 3600 * cost,
  badRequests: 0,
  violatedSeconds,
  replicasChanged: 0,
});

/** Half an hour in which a clairvoyant has two replicas. */
function window(outcome: Partial<RawOutcome> = {}, change: Partial<Situation> = {}): Situation {
  const situation = situationFixture({
    policyUid: 'uid',
    at: WINDOW_START,
    embedding: pointAt(0),
    arms: [arm('lean', 1, 180), arm('safe', 2)],
  });
  return {
    ...situation,
    oracleReplicaSeconds: 3600,
    ...change,
    outcome: {
      ...situation.outcome,
      windowSeconds: 1800,
      measuredSeconds: 1800,
      violatedSeconds: 0,
      replicaSeconds: 5400,
      ...outcome,
    },
  };
}

/** A loss of 1 … 8 as a reward. */
const reward = (loss: number): number => (8 - loss) / 7;

describe('what came of a window', () => {
  test('has rewards of all arms in the order of the selection, and of what really came', () => {
    const outcome = windowOutcome(window(), ARMS);
    expect(outcome).toMatchObject({
      choiceId: `uid/${WINDOW_START}`,
      owner: 'uid',
      at: WINDOW_START + 1_800_000,
      censored: false,
    });
    expect(outcome.reward).toBeCloseTo(reward(1.5), 12);
    const [safe, lean, fresh] = outcome.replayed!;
    expect(safe).toBeCloseTo(reward(2), 12);
    // A tenth of the time violated, at a penalty of 20.
    expect(lean).toBeCloseTo(reward(3), 12);
    expect(fresh).toBeNaN();
  });

  test('counts what was not measured as bad as what was', () => {
    const { reward: half } = windowOutcome(window({ measuredSeconds: 900, violatedSeconds: 90 }), ARMS);
    expect(half).toBeCloseTo(reward(1.5 + 2), 12);
  });

  test.each<[string, Situation]>([
    ['violations were not measured', window({ violatedSeconds: null })],
    ['nothing was measured', window({ measuredSeconds: 0 })],
    ['no arm was replayed', window({}, { arms: [] })],
  ])('has no reward where %s', (_, situation) => {
    expect(windowOutcome(situation, ARMS).reward).toBeNull();
  });

  test.each<[Censoring, boolean]>([
    ['Override', true],
    ['Rollout', true],
    ['NodeLoss', true],
    ['Gap', false],
    ['TargetReplaced', false],
    ['SpecChanged', false],
  ])('that is censored by %s says so; its replay counts: %s', (reason, counts) => {
    const outcome = windowOutcome(window({}, { censored: [reason] }), ARMS);
    expect(outcome.censored).toBe(true);
    expect(outcome.replayed !== undefined).toBe(counts);
  });
});

test('what memory says becomes rewards, arm by arm', () => {
  const priors = [{ arm: 'lean', mean: 1.35, variance: 0.49, weight: 12 }];
  const { mean, variance, weight } = neighbourRewards(priors, ARMS);
  expect([...mean]).toEqual([NaN, reward(1.35), NaN]);
  expect(variance[1]).toBeCloseTo(0.01, 12);
  expect([...weight]).toEqual([0, 32, 0]);
});
