import { decisionFixture } from '../../test/support/decision-fixtures.ts';
import {
  CPU,
  HOUR,
  MINUTE,
  NOW,
  policyFixture,
  REQUESTS,
  targetFixture,
} from '../../test/support/loop-fixtures.ts';
import { observePeakDemand } from './analyze/peak/forecaster.ts';
import { openWindow } from './execute/outcome-window.ts';
import { metricKey } from './monitor/metric-name.ts';
import {
  adoptRevision,
  adoptSpec,
  adoptTarget,
  createPolicyState,
  turnBack,
  type PolicyState,
} from './state.ts';

const policy = policyFixture({ metrics: [REQUESTS, CPU] });

/** A state that has learned and done something. */
function experienced(): PolicyState {
  const remembered = {
    targetUid: 'target-uid',
    observedSince: NOW - HOUR,
    replicas: 5,
    lastActionAt: NOW - MINUTE,
    actionTimes: [NOW - MINUTE],
    foreignChange: { at: NOW - 2 * MINUTE, from: 5, to: 6 },
  };
  const state = createPolicyState(policy, NOW, remembered);
  for (const { forecaster } of state.demands)
    observePeakDemand(forecaster, { at: NOW, value: 100 }, { now: NOW, startupSeconds: 20, lagSeconds: 0 });
  return { ...state, lastProposal: '9 PreviewMode' };
}

const samples = ({ demands }: PolicyState): number[] =>
  demands.map(({ forecaster }) => forecaster.clock.samples);

describe('a new state', () => {
  test('knows nothing but the time', () => {
    expect(createPolicyState(policy, NOW)).toMatchObject({
      policyUid: 'policy-uid',
      targetUid: undefined,
      observedSince: NOW,
      execution: { phase: 'Idle' },
      lastActionAt: undefined,
      actionTimes: [],
      lastProposal: undefined,
      replicas: { known: undefined, change: undefined },
    });
  });

  test('takes over what survived a restart', () => {
    expect(experienced()).toMatchObject({
      targetUid: 'target-uid',
      observedSince: NOW - HOUR,
      lastActionAt: NOW - MINUTE,
      actionTimes: [NOW - MINUTE],
      replicas: { known: 5, change: { to: 6 } },
    });
  });
});

describe('adoptSpec', () => {
  const edited = (metrics: readonly unknown[]) => policyFixture({ metrics });
  const query = (change: object) => ({ ...REQUESTS, prometheus: { ...REQUESTS.prometheus, ...change } });

  test.each([
    ['nothing', edited([REQUESTS, CPU])],
    ['a target', edited([query({ target: { type: 'AverageValue', averageValue: '80' } }), CPU])],
    ['the range', policyFixture({ metrics: [REQUESTS, CPU], horizontal: { maxReplicas: 9 } })],
  ])('keeps the very state when the edit changed %s', (_name, next) => {
    const state = experienced();
    expect(adoptSpec(state, next)).toBe(state);
  });

  test.each([
    ['follows a new order', edited([CPU, REQUESTS]), [1, 1]],
    [
      'begins a series for a new metric',
      edited([REQUESTS, CPU, query({ name: 'more', query: 'more' })]),
      [1, 1, 0],
    ],
    ['forgets a metric that is gone', edited([CPU]), [1]],
    ['begins anew with an edited query', edited([query({ query: 'sum(x)' }), CPU]), [0, 1]],
  ])('%s', (_name, next, expected) => {
    const state = adoptSpec(experienced(), next);
    expect(samples(state)).toEqual(expected);
    expect(state.demands.map(({ key }) => key)).toEqual(next.spec.metrics.map(metricKey));
    expect(state).toMatchObject({ lastActionAt: NOW - MINUTE, observedSince: NOW - HOUR });
  });
});

describe('adoptTarget', () => {
  test('keeps the very state for the same object', () => {
    const state = experienced();
    expect(adoptTarget(state, policy, 'target-uid', NOW)).toBe(state);
  });

  test('takes the first object that it sees', () => {
    const state = { ...experienced(), targetUid: undefined };
    expect(adoptTarget(state, policy, 'target-uid', NOW)).toEqual(experienced());
  });

  test('forgets what it learned about another one, and observes anew', () => {
    const state = adoptTarget(experienced(), policy, 'other', NOW + MINUTE);
    expect(state).toEqual({ ...createPolicyState(policy, NOW + MINUTE), targetUid: 'other' });
  });

  test('does not forget a decision that still owes its ending', () => {
    const execution = { phase: 'Applying', decision: decisionFixture('d1') } as const;
    const state = adoptTarget({ ...experienced(), execution }, policy, 'other', NOW);
    expect(state.execution).toBe(execution);
  });
});

describe('turnBack', () => {
  test('changes nothing while the clock goes on', () => {
    expect(turnBack(experienced(), NOW)).toEqual(experienced());
  });

  test('takes what lies in the future for just now, or it would hold for ever', () => {
    const window = openWindow(decisionFixture('d1'), NOW, 5 * MINUTE);
    const state = { ...experienced(), execution: { phase: 'Observing', window } } as const;
    state.replicas.accepted = { decisionId: 'd1', replicas: 9, at: NOW };
    const now = NOW - 24 * HOUR;
    expect(turnBack(state, now)).toMatchObject({
      observedSince: now,
      lastActionAt: now,
      actionTimes: [now],
      replicas: { change: { at: now, from: 5, to: 6 }, accepted: { at: now } },
      execution: { window: { openedAt: now, until: now + 5 * MINUTE } },
    });
  });
});

describe('adoptRevision', () => {
  const rolling = (revisionChangedAt: number, rolloutInProgress = true) =>
    targetFixture(5, { revisionChangedAt, rolloutInProgress });
  const factors = ({ demands }: PolicyState): number[] =>
    demands.map(({ forecaster }) => forecaster.unsettled.factor);
  const before = (): PolicyState => adoptRevision(experienced(), rolling(NOW - HOUR));

  test('widens the forecasts of all demands when a new revision is rolled out', () => {
    const state = adoptRevision(before(), rolling(NOW));
    expect(factors(state)).toEqual([1.5, 1.5]);
    expect(state.revisionAt).toBe(NOW);
  });

  test.each([
    ['it is the first that is seen', experienced(), rolling(NOW)],
    ['only a pod was replaced', before(), rolling(NOW, false)],
    ['it is the same', before(), rolling(NOW - HOUR)],
    ['it cannot be told', before(), targetFixture(5)],
  ])('changes no forecast when %s', (_name, state, target) => {
    expect(factors(adoptRevision(state, target))).toEqual([1, 1]);
  });
});
