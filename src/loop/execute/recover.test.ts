import { targetFixture } from '../../../test/support/loop-fixtures.ts';
import type { TargetProblem, TargetView } from '../monitor/observation.ts';
import { judgeRecovery, mayStillArrive, type RecoveryVerdict } from './recover.ts';

const pending = { decisionId: 'd1', targetUid: 'target-uid', previousReplicas: 4, nextReplicas: 9 };

const problem = (kind: TargetProblem['problem']): TargetProblem => ({ problem: kind, message: kind });
const carries = (decisionAnnotation: string) => ({ decisionAnnotation });

describe('judgeRecovery', () => {
  test.each<readonly [string, TargetView | TargetProblem, RecoveryVerdict]>([
    ['the target carries the decision', targetFixture(9, carries('d1')), 'Applied'],
    [
      'it carries the decision, and somebody changed the replicas since',
      targetFixture(6, carries('d1')),
      'Applied',
    ],
    [
      'it carries the decision, and somebody put the replicas back',
      targetFixture(4, carries('d1')),
      'Applied',
    ],
    ['it is as it was', targetFixture(4), 'NotApplied'],
    ['it is as it was, with the decision before', targetFixture(4, carries('d0')), 'NotApplied'],
    ['it has another value', targetFixture(5), 'Superseded'],
    ['it has the same value without the proof: somebody else set it', targetFixture(9), 'Superseded'],
    ['a later decision is on it', targetFixture(9, carries('d2')), 'Superseded'],
    ['another object has its name', targetFixture(4, { uid: 'other' }), 'Superseded'],
    [
      'another object has its name and the annotation',
      targetFixture(9, { uid: 'other', ...carries('d1') }),
      'Superseded',
    ],
    ['there is none any more', problem('NotFound'), 'Superseded'],
    ['it was replaced', problem('Replaced'), 'Superseded'],
    ['it cannot be read now', problem('Unreachable'), 'Unknown'],
    ['it may not be read', problem('Forbidden'), 'Unknown'],
    ['its kind is not understood', problem('UnsupportedKind'), 'Unknown'],
  ])('when %s: %s', (_name, target, verdict) => {
    expect(judgeRecovery(pending, target)).toBe(verdict);
  });
});

test.each([
  ['a moment after the decision', 1000, true],
  ['just before the time is over', 19_999, true],
  ['when the time is over', 20_000, false],
  ['by a clock that stepped back a little', -1000, true],
  ['by a clock that was far ahead', -3_600_000, false],
])('a write may still arrive: %s', (_name, after, may) => {
  const decidedAt = Date.UTC(2026, 4, 4, 9);
  expect(mayStillArrive(decidedAt, decidedAt + after)).toBe(may);
});
