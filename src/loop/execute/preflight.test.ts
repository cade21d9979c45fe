import { decisionFixture } from '../../../test/support/decision-fixtures.ts';
import { targetFixture } from '../../../test/support/loop-fixtures.ts';
import { replicaCount } from '../../api/replica-count.ts';
import { MAX_DECISION_AGE_MS, preflight, type LiveFacts } from './preflight.ts';

/** web from 4 to 9. */
const decision = decisionFixture('d1');
const fewer = decisionFixture('d2', { action: 'ScaleDown', from: replicaCount(9), to: replicaCount(4) });

const facts = (change: Partial<LiveFacts> = {}): LiveFacts => ({
  now: decision.at + 1000,
  target: targetFixture(4),
  policy: { generation: decision.policy.generation, suspended: false },
  acting: true,
  ...change,
});

describe('preflight', () => {
  test.each([
    ['everything is as it was when it was decided', facts()],
    ['the decision is as old as it may be', facts({ now: decision.at + MAX_DECISION_AGE_MS })],
    ['a rollout runs, for more replicas', facts({ target: targetFixture(4, { rolloutInProgress: true }) })],
    [
      'the target has another version, which the patch itself tests',
      facts({ target: targetFixture(4, { resourceVersion: '9' }) }),
    ],
  ])('lets pass when %s', (_name, live) => {
    expect(preflight(decision, live)).toBeUndefined();
  });

  test.each([
    [
      'the lease is lost',
      facts({ acting: false }),
      'NotLeader',
      'the lease was lost before the change was sent',
    ],
    [
      'the decision has waited for too long',
      facts({ now: decision.at + MAX_DECISION_AGE_MS + 1 }),
      'Expired',
      'the decision is too old to be sent',
    ],
    [
      'the policy was edited',
      facts({ policy: { generation: 4, suspended: false } }),
      'PolicyChanged',
      'the policy was edited or deleted since the decision',
    ],
    [
      'the policy is gone',
      facts({ policy: undefined }),
      'PolicyChanged',
      'the policy was edited or deleted since the decision',
    ],
    [
      'somebody has pulled the kill switch',
      facts({ policy: { generation: decision.policy.generation, suspended: true } }),
      'Suspended',
      'the policy was suspended since the decision',
    ],
    [
      'the target cannot be read',
      facts({ target: { problem: 'Unreachable', message: 'no answer within 10 s' } }),
      'TargetGone',
      'no answer within 10 s',
    ],
    [
      'another object has its name',
      facts({ target: targetFixture(4, { uid: 'other' }) }),
      'TargetReplaced',
      'the target was deleted and made again',
    ],
    [
      'somebody changed the replicas',
      facts({ target: targetFixture(6) }),
      'TargetChanged',
      'replicas are 6 now, and not 4',
    ],
    [
      'the target is paused',
      facts({ target: targetFixture(4, { paused: true }) }),
      'TargetChanged',
      'the target is paused or being deleted',
    ],
    [
      'the target is being deleted',
      facts({ target: targetFixture(4, { deleting: true }) }),
      'TargetChanged',
      'the target is paused or being deleted',
    ],
    [
      'an autoscaler was made for it',
      facts({ target: targetFixture(4, { ownership: { rivals: ['ScaledObject/web'] } }) }),
      'ConflictingAutoscaler',
      'ScaledObject/web also sets the replicas',
    ],
  ])('refuses when %s', (_name, live, reason, message) => {
    expect(preflight(decision, live)).toEqual({ at: live.now, reason, message });
  });

  test('refuses fewer replicas when a rollout has begun', () => {
    expect(preflight(fewer, facts({ target: targetFixture(9) }))).toBeUndefined();
    const live = facts({ target: targetFixture(9, { rolloutInProgress: true }) });
    expect(preflight(fewer, live)?.reason).toBe('RolloutInProgress');
  });
});
