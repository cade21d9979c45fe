import * as fixtures from '../../../test/support/loop-fixtures.ts';
import type { Guard, GuardContext, Verdict } from './guard.ts';
import { GUARDS } from './guards.ts';
import { createScalingHistory, recordRecommendation, recordScaleEvent } from './history.ts';

function guardNamed(name: string): Guard {
  const guard = GUARDS.find((candidate) => candidate.name === name);
  if (guard === undefined) throw new Error(`no guard ${name}`);
  return guard;
}

const { contextFixture, MINUTE, NOW, policyFixture, SECOND, targetFixture, UNLIMITED } = fixtures;

const DEFAULT_RATES = 'the larger of 4 pods in 15 s and 100 % in 15 s';

type Case = readonly [sentence: string, value: number, context: Partial<GuardContext>, verdict: Verdict];

const PASS: Verdict = { outcome: 'Pass' };
const clamp = (value: number, reason: string, message: string): Verdict => {
  return { outcome: 'Clamp', value, reason, message };
};
const veto = (reason: string, message: string): Verdict => ({ outcome: 'Veto', reason, message });

const behavior = (change: Record<string, unknown>) =>
  policyFixture({
    horizontal: { minReplicas: 2, maxReplicas: 20, behavior: { ...UNLIMITED, ...change } },
  });

function recommended(...past: (readonly [replicas: number, secondsAgo: number])[]): GuardContext['history'] {
  const history = createScalingHistory();
  for (const [replicas, ago] of past) recordRecommendation(history, NOW - ago * SECOND, replicas);
  return history;
}

function changed(from: number, to: number, secondsAgo: number): GuardContext['history'] {
  const history = createScalingHistory();
  recordScaleEvent(history, NOW - secondsAgo * SECOND, from, to);
  return history;
}

const calm = policyFixture({ scaleUpCooldownSeconds: 60 });
const rivals = (...names: string[]) => ({ target: targetFixture(5, { ownership: { rivals: names } }) });
const changedBy = (ago: number, manager?: string) => ({
  foreignChange: { at: NOW - ago, from: 5, to: 8, ...(manager === undefined ? {} : { manager }) },
});

/** 5 replicas of 2 to 20 unless the case says otherwise. */
const CASES: Readonly<Record<string, readonly Case[]>> = {
  ReactiveFloor: [
    ['passes what measured demand asks for', 7, { reactive: 7 }, PASS],
    ['passes more than measured demand asks for', 9, { reactive: 7 }, PASS],
    ['knows no floor while nothing is measured', 1, { reactive: undefined }, PASS],
    [
      'raises to what measured demand asks for',
      6,
      { reactive: 7 },
      clamp(7, 'BelowMeasuredDemand', 'measured demand asks for 7'),
    ],
  ],
  Stabilization: [
    ['passes without a window', 2, { history: recommended([9, 60]), scaleDownWindowSeconds: 0 }, PASS],
    [
      'stays at the highest recommendation of the window',
      2,
      { history: recommended([4, 299], [3, 10]) },
      clamp(4, 'ScaleDownStabilized', 'the highest recommendation of the last 300 s is 4'),
    ],
    ['forgets what is older than the window', 2, { history: recommended([4, 300]) }, PASS],
    [
      'waits for a rise that lasts',
      12,
      {
        policy: behavior({ scaleUp: { stabilizationWindowSeconds: 60 } }),
        history: recommended([6, 30]),
      },
      clamp(6, 'ScaleUpStabilized', 'the lowest recommendation of the last 60 s is 6'),
    ],
  ],
  Rate: [
    ['passes within the rates', 9, { policy: behavior({ scaleUp: {} }) }, PASS],
    [
      'limits a rise to the larger of 4 pods and 100 %',
      19,
      { policy: behavior({ scaleUp: {} }) },
      clamp(10, 'ScaleUpLimit', `at most 10 replicas now: ${DEFAULT_RATES}`),
    ],
    [
      'counts what was added within the period',
      19,
      { policy: behavior({ scaleUp: {} }), history: changed(3, 5, 10) },
      clamp(7, 'ScaleUpLimit', `at most 7 replicas now: ${DEFAULT_RATES}`),
    ],
    [
      'limits a fall',
      2,
      { policy: behavior({ scaleDown: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] } }) },
      clamp(4, 'ScaleDownLimit', 'at least 4 replicas now: 1 pods in 60 s'),
    ],
    [
      'lets nothing down when that is disabled',
      2,
      { policy: behavior({ scaleDown: { selectPolicy: 'Disabled' } }) },
      clamp(5, 'ScaleDownLimit', 'at least 5 replicas now: selectPolicy is Disabled'),
    ],
  ],
  Bounds: [
    ['passes the lower bound', 2, {}, PASS],
    ['passes the upper bound', 20, {}, PASS],
    ['raises to the minimum', 1, {}, clamp(2, 'TooFewReplicas', 'minReplicas is 2')],
    ['lowers to the maximum', 21, {}, clamp(20, 'TooManyReplicas', 'maxReplicas is 20')],
  ],
  DataQuality: [
    ['passes fewer replicas with proof', 4, { mayLower: true }, PASS],
    ['passes more replicas without proof', 6, { mayLower: false, doubt: 'cpu is missing' }, PASS],
    ['passes no change without proof', 5, { mayLower: false, doubt: 'cpu is missing' }, PASS],
    [
      'forbids fewer replicas without proof',
      4,
      { mayLower: false, doubt: 'cpu is missing' },
      veto('InsufficientData', 'fewer replicas need proof, but cpu is missing'),
    ],
  ],
  Rollout: [
    ['passes without a rollout', 4, {}, PASS],
    ['passes more replicas', 6, { target: targetFixture(5, { rolloutInProgress: true }) }, PASS],
    [
      'forbids fewer replicas during a rollout',
      4,
      { target: targetFixture(5, { rolloutInProgress: true }) },
      veto('RolloutInProgress', 'Deployment/web is rolling out: no decrease until it is done'),
    ],
  ],
  Suspend: [
    ['passes by default', 6, {}, PASS],
    [
      'forbids by spec',
      6,
      { policy: policyFixture({ suspend: true }) },
      veto('SuspendedBySpec', 'spec.suspend is true'),
    ],
    [
      'forbids by annotation',
      6,
      { policy: policyFixture({}, { suspendedByAnnotation: true }) },
      veto('SuspendedByAnnotation', 'the annotation autonomic.dev/suspend is "true"'),
    ],
  ],
  TargetState: [
    ['passes a target that runs', 6, {}, PASS],
    [
      'leaves a target alone that is being deleted',
      6,
      { target: targetFixture(5, { deleting: true }) },
      veto('TargetUnavailable', 'the target or the policy is being deleted'),
    ],
    [
      'does nothing for a policy that is being deleted',
      6,
      { policy: policyFixture({}, { deleting: true }) },
      veto('TargetUnavailable', 'the target or the policy is being deleted'),
    ],
    [
      'leaves a paused target alone',
      6,
      { target: targetFixture(5, { paused: true }) },
      veto('TargetPaused', 'Deployment/web is paused'),
    ],
    [
      'leaves a target alone that somebody scaled to zero',
      6,
      { current: 0 },
      veto('TargetPaused', 'Deployment/web has 0 replicas: somebody switched it off'),
    ],
  ],
  Ownership: [
    ['passes a target without rivals', 6, {}, PASS],
    [
      'leaves the replicas to an autoscaler',
      6,
      rivals('HorizontalPodAutoscaler/web'),
      veto(
        'ConflictingAutoscaler',
        'HorizontalPodAutoscaler/web also sets the replicas of Deployment/web: remove it, or this policy',
      ),
    ],
    [
      'names an autoscaler first when there is a policy too',
      6,
      rivals('ScaledObject/web', 'AutonomicPolicy/other'),
      veto(
        'ConflictingAutoscaler',
        'ScaledObject/web, AutonomicPolicy/other also sets the replicas of Deployment/web: remove it, or this policy',
      ),
    ],
    [
      'does not act beside another policy',
      6,
      rivals('AutonomicPolicy/other'),
      veto(
        'ConflictingPolicy',
        'AutonomicPolicy/other also sets the replicas of Deployment/web: remove it, or this policy',
      ),
    ],
  ],
  ManualChange: [
    ['passes when nobody changed anything', 6, {}, PASS],
    ['passes after half an hour', 6, changedBy(30 * MINUTE), PASS],
    [
      'respects a change for half an hour, and names who made it',
      6,
      changedBy(30 * MINUTE - 1, 'kubectl'),
      veto(
        'ManualChange',
        'kubectl changed the replicas from 5 to 8 at 2026-05-04T08:30:00.001Z; acting again at 2026-05-04T09:00:00.001Z',
      ),
    ],
    [
      'says "somebody else" when it cannot tell who',
      6,
      changedBy(0),
      veto(
        'ManualChange',
        'somebody else changed the replicas from 5 to 8 at 2026-05-04T09:00:00.000Z; acting again at 2026-05-04T09:30:00.000Z',
      ),
    ],
    [
      'goes on respecting a change of which only the fact is known',
      6,
      { foreignChange: { at: NOW, from: undefined, to: 8 } },
      veto(
        'ManualChange',
        'somebody else changed the replicas to 8 before 2026-05-04T09:00:00.000Z; acting again at 2026-05-04T09:30:00.000Z',
      ),
    ],
  ],
  Observation: [
    ['passes when the time is over', 6, { policy: policyFixture({ observationSeconds: 3600 }) }, PASS],
    [
      'watches first',
      6,
      { policy: policyFixture({ observationSeconds: 3601 }) },
      veto('Observing', 'observing for another 1 s before the first action'),
    ],
  ],
  Mode: [
    ['passes in Apply', 6, {}, PASS],
    [
      'only proposes in Preview',
      6,
      { policy: policyFixture({ mode: 'Preview' }) },
      veto('PreviewMode', 'spec.mode is Preview: set it to Apply to act'),
    ],
  ],
  InFlight: [
    ['passes when nothing is on its way', 6, {}, PASS],
    [
      'waits for the decision before',
      6,
      { actionInFlight: true },
      veto('ActionInFlight', 'an earlier decision is still on its way to the target'),
    ],
  ],
  Refusal: [
    ['passes when nothing was refused', 6, {}, PASS],
    [
      'passes after one refusal: the next tick decides afresh',
      6,
      { refusals: { count: 1, lastAt: NOW } },
      PASS,
    ],
    [
      'pauses after two in a row',
      6,
      { refusals: { count: 2, lastAt: NOW } },
      veto('ChangesRefused', '2 changes in a row were refused; trying again in 30 s'),
    ],
    [
      'doubles the pause with each further one, up to five minutes',
      6,
      { refusals: { count: 12, lastAt: NOW } },
      veto('ChangesRefused', '12 changes in a row were refused; trying again in 300 s'),
    ],
    ['tries again when the pause is over', 6, { refusals: { count: 2, lastAt: NOW - 30_000 } }, PASS],
  ],
  Cooldown: [
    ['passes the first action', 6, { policy: calm }, PASS],
    ['passes when the gap is over', 6, { policy: calm, lastActionAt: NOW - MINUTE }, PASS],
    ['has nothing to say when nothing changes', 5, { policy: calm, lastActionAt: NOW }, PASS],
    [
      'keeps the gap before the next increase',
      6,
      { policy: calm, lastActionAt: NOW - MINUTE + 1 },
      veto('Cooldown', 'scaleUpCooldownSeconds is 60: 1 s left since the last action'),
    ],
    [
      'keeps another gap before the next decrease',
      4,
      { policy: policyFixture({ scaleDownCooldownSeconds: 120 }), lastActionAt: NOW - MINUTE },
      veto('Cooldown', 'scaleDownCooldownSeconds is 120: 60 s left since the last action'),
    ],
  ],
  ActionLimit: [
    ['passes below the limit', 6, { actionsInLastHour: 59 }, PASS],
    ['has nothing to say when nothing changes', 5, { actionsInLastHour: 60 }, PASS],
    ['lets an increase through, whoever asks for it', 9, { actionsInLastHour: 60, reactive: 5 }, PASS],
    [
      'stops a decrease',
      4,
      { actionsInLastHour: 61, reactive: 4 },
      veto('ActionLimit', 'no decrease: limits.actionsPerHour is 60, and 61 were taken'),
    ],
  ],
  Leadership: [
    ['passes the leader', 6, {}, PASS],
    [
      'stops everybody else',
      6,
      { acting: false },
      veto('NotLeader', 'this replica of the operator is not the leader'),
    ],
  ],
};

describe.each(Object.entries(CASES))('the guard %s', (name, cases) => {
  test.each(cases)('%s', (...[, value, context, verdict]) => {
    expect(guardNamed(name).check(value, contextFixture(context))).toEqual(verdict);
  });
});

describe('the chain of guards', () => {
  test('asks them in this order', () => {
    expect(GUARDS.map(({ name }) => name)).toEqual([
      ...['ReactiveFloor', 'Stabilization', 'Rate', 'SuddenDrop', 'BlastRadius', 'ThreatFreeze', 'Rollback'],
      ...['Headroom', 'Bounds', 'DataQuality', 'DataHistory', 'Rollout', 'Objective', 'Regret'],
      ...['CorrelatedDrop', 'AnomalyHold'],
      ...['Suspend', 'TargetState', 'Ownership', 'ManualChange', 'Observation', 'Mode', 'InFlight'],
      ...['Refusal', 'Cooldown', 'ActionLimit', 'Leadership'],
    ]);
  });

  test('shapes first and permits afterwards, so that Preview shows what Apply would do', () => {
    const stages = GUARDS.map(({ stage }) => stage);
    expect(stages.lastIndexOf('Shape')).toBeLessThan(stages.indexOf('Permit'));
  });
});
