import { NOW, policyFixture, REQUESTS, SECOND } from '../../test/support/loop-fixtures.ts';
import { LoopDriver } from '../../test/support/loop-driver.ts';
import { learnedOf, withLearned, type LearnedState } from './learned-state.ts';
import { createPolicyState, type PolicyState, type Remembered } from './state.ts';

const policy = policyFixture();

/** Learned in five minutes, with one action. */
function learned(change: Partial<LearnedState> = {}): LearnedState {
  const loop = new LoopDriver(policy, 4);
  loop.ticks(10, 200);
  loop.ticks(10, 400);
  return { ...learnedOf(loop.state), ...change };
}

/** What status and target say after a restart, ten seconds after the last tick. */
function restarted(remembered: Remembered = {}): PolicyState {
  const known = { targetUid: 'target-uid', replicas: 8 };
  return createPolicyState(policy, NOW + 310 * SECOND, { ...known, ...remembered });
}

/** As a status has it: the last moment of the second. */
const coarse = (at: number): number => Math.floor(at / 1000) * 1000 + 999;

test('what was learned is everything but the execution', () => {
  const { state } = new LoopDriver(policy, 4);
  expect(Object.keys({ ...learnedOf(state), execution: state.execution }).sort()).toEqual(
    Object.keys(state).sort(),
  );
  expect(learnedOf(state)).not.toHaveProperty('execution');
});

test('series, start-up times and scaling history go on where they were; nothing is in flight', () => {
  const before = learned();
  const { demands, startup, history, execution } = withLearned(restarted(), before, policy);
  expect({ demands, startup, history }).toEqual({
    demands: before.demands,
    startup: before.startup,
    history: before.history,
  });
  expect(execution).toEqual({ phase: 'Idle' });
});

describe('actions', () => {
  const at = NOW + 100 * SECOND + 234;

  test.each([
    ['is known exactly where both tell of it', [at], [coarse(at)], [at]],
    ['is the one that was decided a moment before it was accepted', [at], [coarse(at - 5000)], [at]],
    [
      'after the checkpoint is known by the status alone',
      [at],
      [coarse(at), coarse(at + 90_000)],
      [at, coarse(at + 90_000)],
    ],
    [
      'that the status shows no more is not forgotten',
      [at, at + 20_000],
      [coarse(at + 20_000)],
      [at, at + 20_000],
    ],
    ['of a status without a checkpoint counts as well', [], [coarse(at)], [coarse(at)]],
    [
      'a second before another is not taken for it',
      [at],
      [coarse(at - 1000), coarse(at)],
      [coarse(at - 1000), at],
    ],
  ])('an action %s', (_name, exact, status, wanted) => {
    const before = learned({ actionTimes: exact, lastActionAt: exact.at(-1) });
    const lastActionAt = status.at(-1)!;
    const state = withLearned(restarted({ actionTimes: status, lastActionAt }), before, policy);
    expect(state.actionTimes).toEqual(wanted);
    expect(state.lastActionAt).toBe(wanted.at(-1));
  });
});

test('a rollback that the status alone tells of counts beside those that are known exactly', () => {
  const { safety } = learned();
  const times = [NOW + 1234, NOW + 200_500];
  const before = learned({ safety: { ...safety, rollbacks: { ...safety.rollbacks, times } } });
  const rollbackTimes = [NOW + 1000, NOW + 200_000, NOW + 300_000];
  expect(withLearned(restarted({ rollbackTimes }), before, policy).safety.rollbacks.times).toEqual([
    ...times,
    NOW + 300_000,
  ]);
});

describe("somebody else's change", () => {
  const change = { at: NOW + 60 * SECOND, from: 4, to: 8, manager: 'kubectl' };
  const before = (known: number): LearnedState =>
    learned({ replicas: { ...learned().replicas, known, change } });

  test('stands from when it was seen, and not from the restart', () => {
    const foreignChange = { at: NOW + 310 * SECOND, from: undefined, to: 8 };
    expect(withLearned(restarted({ foreignChange }), before(8), policy).replicas.change).toEqual(change);
  });

  test.each([
    ['to another value', { at: NOW + 310 * SECOND, from: undefined, to: 6 }, before(8)],
    ['to the same value, with one of our own between them', { at: NOW, from: undefined, to: 8 }, before(5)],
  ])('that came after the checkpoint, %s, stands from the restart', (_name, foreignChange, learnedBefore) => {
    const found = restarted({ foreignChange, replicas: foreignChange.to });
    expect(withLearned(found, learnedBefore, policy).replicas).toMatchObject({
      known: foreignChange.to,
      change: foreignChange,
    });
  });

  test('that the status does not tell of any more is remembered with its time', () => {
    expect(withLearned(restarted({ replicas: 6 }), before(6), policy).replicas.change).toEqual(change);
  });
});

test('what was learned about another target is left out', () => {
  const found = restarted({ targetUid: 'another' });
  expect(withLearned(found, learned(), policy)).toBe(found);
});

test('a metric that the spec does not have any more is left out; a new one begins anew', () => {
  const other = { ...REQUESTS, prometheus: { ...REQUESTS.prometheus, name: 'other', query: 'sum(other)' } };
  const { demands } = withLearned(restarted(), learned(), policyFixture({ metrics: [other, REQUESTS] }));
  expect(demands.map(({ forecaster }) => forecaster.clock.samples)).toEqual([0, 20]);
});
