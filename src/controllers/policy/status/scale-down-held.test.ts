import { LoopDriver } from '../../../../test/support/loop-driver.ts';
import { policyFixture } from '../../../../test/support/loop-fixtures.ts';
import type { PolicyView } from '../../../loop/policy-view.ts';
import type { LoopReport } from '../../../loop/report.ts';
import { policyConditions } from './policy-conditions.ts';

interface Seen {
  readonly policy: PolicyView;
  readonly report: LoopReport;
}

/** `[status, reason, message]` of one condition. */
function said(type: string, { policy, report }: Seen): readonly unknown[] {
  const health = { journal: undefined, knowledgeStore: undefined, prometheus: undefined };
  const found = policyConditions([], policy, report, health).find((condition) => condition.type === type);
  return [found?.status, found?.reason, found?.message];
}

/** The same policy with the other guards in the way of a decrease. */
function heldBy(held: { reason: string; message: string } | undefined): Seen {
  const loop = new LoopDriver(policyFixture(), 4);
  const [policy, report] = [loop.policy, loop.tick(200)];
  return { policy, report: { ...report, planning: { ...report.planning!, decreaseHeld: held } } };
}

describe('ScaleDownHeld', () => {
  test.each([
    'CorrelatedDrop',
    'RolledBack',
    'RollbackBreaker',
    'SuddenDrop',
    'SuddenDropPace',
    'ObjectiveViolated',
    'ErrorBudgetBurning',
    'DataSettling',
    'WarmingUp',
  ])('says so, and why: %s', (reason) => {
    expect(said('ScaleDownHeld', heldBy({ reason, message: 'because' }))).toEqual([
      'True',
      reason,
      'because',
    ]);
  });

  test('says that the way is free, and that there is nothing to lower', () => {
    expect(said('ScaleDownHeld', heldBy(undefined)).slice(0, 2)).toEqual(['False', 'Free']);
    const loop = new LoopDriver(policyFixture(), 4);
    const report = loop.observe({ problem: 'NotFound', message: 'gone' }, []);
    expect(said('ScaleDownHeld', { policy: loop.policy, report }).slice(0, 2)).toEqual([
      'Unknown',
      'TargetUnavailable',
    ]);
  });

  test('is not a suspension: increases go on', () => {
    const loop = new LoopDriver(policyFixture({ observationSeconds: 1 }), 4);
    loop.tick(200);
    const what = { policy: loop.policy, report: loop.tick(60) };
    expect(said('ScaleDownHeld', what)[1]).toBe('WarmingUp');
    expect(said('ActionSuspended', what)[1]).toBe('Acting');
  });
});

describe('Degraded', () => {
  test('when replicas that were ordered do not come', () => {
    const policy = policyFixture();
    const loop = new LoopDriver(policy, 4);
    loop.target = { ...loop.target, pods: loop.target.pods.slice(0, 2) };
    loop.ticks(9, 200);
    const report = loop.tick(400);
    expect(said('Degraded', { policy, report })).toEqual([
      'True',
      'NoHeadroom',
      'more replicas would not come: 2 of 4 pods are not created: look for a quota or a refusing webhook',
    ]);
  });
});
