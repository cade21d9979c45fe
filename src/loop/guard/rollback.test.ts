import { HOUR, MINUTE, NOW } from '../../../test/support/loop-fixtures.ts';
import {
  createRollbacks,
  observeRollbacks,
  turnRollbacksBack,
  type DecreaseUnderWatch,
  type Rollbacks,
} from './rollback.ts';

const OPTIONS = { now: NOW, outcomeWindowSeconds: 600, scaleDownCooldownSeconds: 60 };

const watched = (change: Partial<DecreaseUnderWatch> = {}): DecreaseUnderWatch => ({
  decisionId: 'd1',
  from: 8,
  measuredMs: 2 * MINUTE,
  violatedMs: 30_000,
  allowedShare: 0.01,
  badShareBefore: 0,
  violatedNow: true,
  ...change,
});

const judged = (change: Partial<DecreaseUnderWatch> = {}, before = createRollbacks()): Rollbacks =>
  observeRollbacks(before, 5, watched(change), OPTIONS);

describe('a decrease', () => {
  test('that hurts is to be undone, with a pause of four outcome windows', () => {
    expect(judged()).toEqual({
      times: [NOW],
      judged: 'd1',
      floor: {
        at: NOW,
        replicas: 8,
        message: 'the objective was violated for 30 of 120 s since the decrease from 8',
      },
      pause: { at: NOW, ms: 40 * MINUTE },
    });
  });

  test('pauses for four cooldowns where those are longer', () => {
    const options = { ...OPTIONS, scaleDownCooldownSeconds: 900 };
    expect(observeRollbacks(createRollbacks(), 5, watched(), options).pause?.ms).toBe(HOUR);
  });

  test.each<readonly [string, Partial<DecreaseUnderWatch>]>([
    ['after which all is well', { violatedMs: 0, violatedNow: false }],
    ['after which it was bad for a moment', { violatedMs: 15_000 }],
    ['after which it is well again', { violatedNow: false }],
    ['after which it is as bad as it was before', { badShareBefore: 0.2 }],
    ['after which it is as bad as is allowed', { allowedShare: 0.2 }],
  ])('%s stays', (_name, change) => {
    expect(judged(change)).toEqual(createRollbacks());
  });

  test('is judged once', () => {
    const once = judged();
    expect(observeRollbacks(once, 5, watched(), { ...OPTIONS, now: NOW + MINUTE })).toBe(once);
  });

  test('needs no objective to be violated when none of it is to be violated at all', () => {
    expect(judged({ allowedShare: 0 }).floor?.replicas).toBe(8);
  });
});

describe('the count to go back to', () => {
  test('is forgotten once it is reached, or when it took too long', () => {
    const before = judged();
    expect(observeRollbacks(before, 7, undefined, OPTIONS).floor).toBeDefined();
    expect(observeRollbacks(before, 8, undefined, OPTIONS).floor).toBeUndefined();
    const late = { ...OPTIONS, now: NOW + 10 * MINUTE + 1 };
    expect(observeRollbacks(before, 7, undefined, late).floor).toBeUndefined();
  });
});

test('as many rollbacks are remembered as the breaker needs', () => {
  const before = createRollbacks([1, 2, 3, 4]);
  expect(before.times).toEqual([2, 3, 4]);
  expect(judged({ decisionId: 'd9' }, before).times).toEqual([3, 4, NOW]);
});

test('a clock that stepped back ends no pause and prolongs none', () => {
  const back = turnRollbacksBack(judged(), NOW - HOUR);
  expect(back).toMatchObject({ times: [NOW - HOUR], pause: { at: NOW - HOUR, ms: 40 * MINUTE } });
});
