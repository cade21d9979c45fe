import fc from 'fast-check';
import type { ArmOutcome, Censoring, RawOutcome } from '../situation.ts';
import { checkWeights, REWARD_WEIGHTS } from './reward-weights.ts';
import { armLoss, rewardOf, successOf, type JudgedWindow } from './reward.ts';

/** Half an hour of ten replicas in which nothing was bad. */
const OUTCOME: RawOutcome = {
  windowSeconds: 1800,
  measuredSeconds: 1800,
  violatedSeconds: 0,
  replicaSeconds: 18_000,
  requests: 100_000,
  badRequests: 0,
  replicasChanged: 0,
  changes: 0,
  rollbacks: 0,
  restarts: 0,
  throttledShare: 0,
  cost: null,
};

const BASELINE: ArmOutcome = {
  arm: 'hpa',
  replicaSeconds: 18_000,
  badRequests: 0,
  violatedSeconds: 0,
  replicasChanged: 0,
};

/** One request of a hundred may be bad. */
const TERMS = { allowedShare: 0.05, allowedBadShare: 0.01, replicaHourPrice: undefined };
const TIME_TERMS = { allowedShare: 0.05, replicaHourPrice: undefined };

const window = (
  outcome: Partial<RawOutcome> = {},
  change: Partial<Omit<JudgedWindow, 'outcome'>> = {},
): JudgedWindow => ({
  outcome: { ...OUTCOME, ...outcome },
  censored: [],
  baseline: BASELINE,
  terms: TERMS,
  ...change,
});

describe('the loss of a window', () => {
  test.each<[string, Partial<RawOutcome>, number]>([
    ['the cost of the baseline', {}, 1],
    ['half of the baseline', { replicaSeconds: 9000 }, 0.5],
    ['a budget that is just spent', { badRequests: 1000 }, 1],
    ['a budget spent twice as fast as it lasts', { badRequests: 2000 }, 1.2],
    ['an outage, which counts up to its bound', { badRequests: 100_000 }, 1 + 0.2 * 99],
    ['throttling', { throttledShare: 0.5 }, 1.1],
    ['every replica restarted', { restarts: 10 }, 1.5],
    ['all replicas changed', { replicasChanged: 10 }, 1.05],
    ['one decrease undone', { rollbacks: 1 }, 1.5],
    ['throttling and restarts that nobody measured', { throttledShare: null, restarts: null }, 1],
  ])('is that of %s', (_name, outcome, loss) => {
    expect(rewardOf(window(outcome)).loss).toBeCloseTo(loss, 9);
  });

  test.each<[string, JudgedWindow]>([
    ['the baseline was not replayed', window({}, { baseline: undefined })],
    ['the baseline had no replicas', window({}, { baseline: { ...BASELINE, replicaSeconds: 0 } })],
    ['nothing is promised', window({}, { terms: undefined })],
    [
      'it was not measured',
      window({ requests: null, badRequests: null, measuredSeconds: 0, violatedSeconds: null }),
    ],
    ['it is censored', window({}, { censored: ['Rollout'] })],
  ])('is not known where %s, and so is the reward', (_name, judged) => {
    expect(rewardOf(judged)).toMatchObject({ loss: undefined, reward: undefined, advantage: undefined });
  });

  test('is by time where the promise is about time, or no request came', () => {
    const half = { violatedSeconds: 180 };
    expect(rewardOf(window(half, { terms: TIME_TERMS })).loss).toBeCloseTo(1.2, 9);
    expect(rewardOf(window({ ...half, requests: 0, badRequests: 0 })).loss).toBeCloseTo(1.2, 9);
  });

  test('is finite where nothing at all may be bad', () => {
    const terms = { ...TERMS, allowedBadShare: 0 };
    expect(rewardOf(window({ badRequests: 20 }, { terms })).loss).toBeCloseTo(1.2, 9);
  });

  test('counts by the given weights', () => {
    const weights = { ...REWARD_WEIGHTS, cost: 2, referenceLoss: 8 };
    expect(rewardOf(window(), weights)).toMatchObject({ loss: 2, reward: 0.75 });
  });
});

describe('the advantage over the baseline', () => {
  test('is what it saved, and what went better', () => {
    expect(rewardOf(window({ replicaSeconds: 13_500 })).advantage).toBeCloseTo(0.25, 9);
    const baseline = { ...BASELINE, badRequests: 2000, replicasChanged: 10 };
    expect(rewardOf(window({}, { baseline })).advantage).toBeCloseTo(0.25, 9);
  });

  test('does not blame for what a replay cannot know', () => {
    expect(rewardOf(window({ restarts: 10, throttledShare: 1 })).advantage).toBeCloseTo(0, 9);
    expect(rewardOf(window({ rollbacks: 1 })).advantage).toBeCloseTo(-0.5, 9);
  });

  test('of a replayed arm that is the same is none', () => {
    const given = { outcome: OUTCOME, terms: TERMS };
    expect(armLoss(BASELINE, BASELINE, given)).toBe(1);
    expect(armLoss({ ...BASELINE, replicaSeconds: 9000, badRequests: 2000 }, BASELINE, given)).toBeCloseTo(
      0.7,
      9,
    );
    expect(armLoss(BASELINE, BASELINE, { ...given, terms: undefined })).toBeUndefined();
  });
});

describe('success', () => {
  const unmeasured = { requests: null, badRequests: null, measuredSeconds: 0, violatedSeconds: null };
  test.each<[string, JudgedWindow, boolean | undefined]>([
    ['the objective held at the cost of the baseline', window(), true],
    ['it cost two per cent more', window({ replicaSeconds: 18_360 }), true],
    ['it cost three per cent more', window({ replicaSeconds: 18_540 }), false],
    ['too many requests were bad', window({ badRequests: 1001 }), false],
    ['the time was violated for too long', window({ violatedSeconds: 91 }, { terms: TIME_TERMS }), false],
    ['a decrease had to be undone', window({ rollbacks: 1 }), false],
    [
      'a decrease had to be undone, though nothing was measured',
      window({ ...unmeasured, rollbacks: 1 }),
      false,
    ],
    ['it cost more, though nothing was measured', window({ ...unmeasured, replicaSeconds: 36_000 }), false],
    [
      'it is censored',
      window({ badRequests: 9999 }, { censored: ['Override'] satisfies Censoring[] }),
      undefined,
    ],
    ['nothing was measured', window(unmeasured), undefined],
    ['less than half was measured', window({ measuredSeconds: 899 }), undefined],
    ['nothing is promised', window({}, { terms: undefined }), undefined],
    ['the baseline is not known', window({}, { baseline: undefined }), undefined],
    ['less than half of the window was its own', window({ badRequests: 9999 }, { share: 0.49 }), undefined],
    ['half of the window was its own', window({}, { share: 0.5 }), true],
  ])('when %s', (_name, judged, success) => {
    expect(successOf(judged)).toBe(success);
    expect(rewardOf(judged).success).toBe(success);
  });
});

test('a reward is between 0 and 1, and worse is never better', () => {
  const amount = (max: number) => fc.double({ min: 0, max, noNaN: true });
  const outcome = fc.record({
    replicaSeconds: amount(1e6),
    badRequests: amount(1e5),
    throttledShare: amount(1),
    restarts: fc.nat(100),
    rollbacks: fc.nat(3),
  });
  fc.assert(
    fc.property(outcome, amount(1e4), (given, more) => {
      const { reward = NaN, loss = NaN } = rewardOf(window(given));
      expect(reward).toBeGreaterThanOrEqual(0);
      expect(reward).toBeLessThanOrEqual(1);
      const worse = rewardOf(window({ ...given, badRequests: given.badRequests + more })).loss ?? NaN;
      expect(worse).toBeGreaterThanOrEqual(loss - 1e-9);
    }),
  );
});

test('weights that are no weights are refused by name', () => {
  expect(checkWeights(REWARD_WEIGHTS)).toBe(REWARD_WEIGHTS);
  expect(() => checkWeights({ ...REWARD_WEIGHTS, burn: -1 })).toThrow(
    'the weight burn must be a finite number from 0 up, found -1',
  );
  expect(() => checkWeights({ ...REWARD_WEIGHTS, referenceLoss: 0 })).toThrow(
    'the weight referenceLoss must be a finite number above 0, found 0',
  );
  expect(() => checkWeights({ ...REWARD_WEIGHTS, cost: NaN })).toThrow('the weight cost');
});
