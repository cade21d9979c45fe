import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { decisionFixture } from '../../../test/support/decision-fixtures.ts';
import { policyFixture, targetFixture } from '../../../test/support/loop-fixtures.ts';
import { Journal } from '../../adapters/journal/journal.ts';
import type { PolicyStatus } from '../../api/policy-status.ts';
import { recordOf, type JournalRecord } from '../../loop/execute/journal-record.ts';
import { abortedOutcome, type Outcome } from '../../loop/execute/outcome.ts';
import type { TargetProblem, TargetView } from '../../loop/monitor/observation.ts';
import { withApplied, withEnding, withIntent } from './status/policy-status.ts';
import { recover, type Recovery } from './recovery.ts';
import { decisionStatus } from './status/status-values.ts';

/** web goes from 4 to 9. */
const decision = decisionFixture('d1');
const later = decisionFixture('d2');
const policy = policyFixture({}, { generation: 3, createdAt: decision.at - 3_600_000 });
/** So long after the decision that a write which was sent has arrived. */
const now = decision.at + 60_000;

const carried = targetFixture(9, { decisionAnnotation: 'd1' });
const unchanged = targetFixture(4);

const outcome: Outcome = {
  result: 'Met',
  at: decision.at + 30_000,
  observedSeconds: 30,
  measuredSeconds: 30,
  violatedSeconds: 0,
  replicaSeconds: 270,
  message: 'objective violated for 0 of 30 measured seconds',
};

const intent = recordOf('Intent', decision);
const applied: JournalRecord = { kind: 'Applied', decisionId: 'd1', at: decision.at + 2000 };
const closed: JournalRecord = { kind: 'Closed', decisionId: 'd1', at: outcome.at, outcome };
const aborted: JournalRecord = {
  kind: 'Aborted',
  decisionId: 'd1',
  at: outcome.at,
  reason: 'Forbidden',
  message: 'no',
};

const pending = withIntent({}, decision, 300);

let directory: string;
let journal: Journal;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recovery-'));
  journal = await Journal.open({ directory });
});

afterEach(async () => {
  await journal.close();
  await rm(directory, { recursive: true });
});

async function write(...records: readonly JournalRecord[]): Promise<void> {
  for (const record of records) await journal.append(record);
}

async function kinds(): Promise<string[]> {
  const found: string[] = [];
  for await (const { record } of journal.records()) {
    found.push('decisionId' in record ? `${record.kind} ${record.decisionId}` : record.kind);
  }
  return found;
}

interface Left {
  readonly status?: PolicyStatus;
  readonly target?: TargetView | TargetProblem;
  readonly at?: number;
}

function recovered({ status = {}, target = unchanged, at = now }: Left = {}): Promise<Recovery | undefined> {
  return recover({ policy, status, journal, readTarget: () => Promise.resolve(target), now: at });
}

const states = (recovery: Recovery | undefined): unknown[] =>
  (recovery?.status.decisions ?? []).map(({ id, state }) => [id, state]);

describe('a crash', () => {
  test('that left nothing behind is nothing to do', async () => {
    await expect(recovered()).resolves.toEqual({
      status: {},
      remembered: { actionTimes: [], rollbackTimes: [] },
      resumed: undefined,
    });
    expect(await kinds()).toEqual([]);
  });

  test('leaves the breaker open: decreases that were undone are remembered', async () => {
    const undone = {
      guard: 'Rollback',
      outcome: 'Clamp' as const,
      before: 2,
      after: 4,
      reason: 'Rollback',
      message: 'it hurt',
    };
    const rolledBack = decisionStatus({ ...decision, guards: [undone] }, 'Closed');
    const other = decisionStatus({ ...decision, id: 'other' }, 'Closed');
    const recovery = await recovered({ status: { decisions: [rolledBack, other] } });
    expect(recovery?.remembered.rollbackTimes).toEqual([Math.floor(decision.at / 1000) * 1000]);
  });

  test('after the journal, before the status: the intent was not sent, and is aborted', async () => {
    await write(intent);
    const recovery = await recovered({ at: decision.at + 100 });
    expect(recovery?.resumed).toBeUndefined();
    expect(recovery?.status).not.toHaveProperty('pending');
    expect(await kinds()).toEqual(['Intent d1', 'Aborted d1']);
  });

  test('before the change was sent: it is aborted', async () => {
    await write(intent);
    const recovery = await recovered({ status: pending });
    expect(states(recovery)).toEqual([['d1', 'Aborted']]);
    expect(recovery?.status).not.toHaveProperty('pending');
    expect(recovery?.status.decisions?.[0]?.outcome?.message).toBe(
      'NotApplied: the operator restarted before the change reached the target',
    );
    expect(await kinds()).toEqual(['Intent d1', 'Aborted d1']);
  });

  test('a moment ago: the change may still arrive, so nothing is said yet', async () => {
    await write(intent);
    await expect(recovered({ status: pending, at: decision.at + 1000 })).resolves.toBeUndefined();
    expect(await kinds()).toEqual(['Intent d1']);
  });

  test('after the change, before its answer: it is measured from now on', async () => {
    await write(intent);
    const recovery = await recovered({ status: pending, target: carried });
    expect(recovery?.resumed).toMatchObject({ decision: { id: 'd1', to: 9, forecast: { upper: 412 } } });
    expect(recovery?.remembered).toMatchObject({ targetUid: 'target-uid', replicas: 9 });
    expect(recovery?.remembered.lastActionAt).toBe(recovery?.resumed?.appliedAt);
    expect(states(recovery)).toEqual([['d1', 'Applied']]);
    expect(recovery?.status.pending?.decisionId).toBe('d1');
    expect(await kinds()).toEqual(['Intent d1', 'Applied d1']);
  });

  test('within the outcome window: it is measured on, from when it was applied', async () => {
    await write(intent, applied);
    const recovery = await recovered({ status: withApplied(pending, decision), target: carried });
    expect(recovery?.resumed).toEqual({
      decision: JSON.parse(JSON.stringify(decision)) as unknown,
      appliedAt: decision.at + 2000,
    });
    expect(await kinds()).toEqual(['Intent d1', 'Applied d1']);
  });

  test.each<readonly [string, readonly JournalRecord[], string, object]>([
    ['its outcome', [applied, closed], 'Closed', { result: 'Met', observedSeconds: 30 }],
    ['its refusal', [aborted], 'Aborted', { result: 'Aborted', message: 'Forbidden: no' }],
  ])(
    'after the journal had %s, before the status had it: the status is told',
    async (...[, records, state, told]) => {
      await write(intent, ...records);
      const before = await kinds();
      const recovery = await recovered({ status: pending, target: carried });
      expect(states(recovery)).toEqual([['d1', state]]);
      expect(recovery?.status.decisions?.[0]?.outcome).toMatchObject(told);
      expect(recovery?.status).not.toHaveProperty('pending');
      expect(recovery?.resumed).toBeUndefined();
      expect(await kinds()).toEqual(before);
    },
  );

  test('between the end of one decision and the status of the next: both get their ending', async () => {
    await write(intent, applied, closed, recordOf('Intent', later));
    const recovery = await recovered({ status: withApplied(pending, decision), target: carried });
    expect(states(recovery)).toContainEqual(['d1', 'Closed']);
    expect(recovery?.status).not.toHaveProperty('pending');
    expect(recovery?.remembered.replicas).toBe(9);
    expect(journal.openIntents()).toEqual([]);
    expect((await kinds()).slice(-2)).toEqual(['Intent d2', 'Aborted d2']);
  });
});

describe('while the operator was away', () => {
  test('somebody changed what it had written: that is theirs to be respected', async () => {
    await write(intent, applied);
    const target = { ...carried, specReplicas: 6 };
    const recovery = await recovered({ status: withApplied(pending, decision), target });
    expect(recovery?.resumed?.decision.id).toBe('d1');
    expect(recovery?.remembered.replicas).toBe(9);
  });

  test.each<readonly [string, TargetView | TargetProblem]>([
    ['another decision', targetFixture(9, { decisionAnnotation: 'd9' })],
    ['another object', targetFixture(9, { uid: 'other', decisionAnnotation: 'd1' })],
    ['nothing', { problem: 'NotFound', message: 'gone' }],
  ])('%s took the place of an applied change: it is closed, and was not aborted', async (_name, target) => {
    await write(intent, applied);
    const recovery = await recovered({ status: withApplied(pending, decision), target });
    expect(states(recovery)).toEqual([['d1', 'Closed']]);
    expect(recovery?.status.decisions?.[0]?.outcome?.result).toBe('Unmeasured');
    expect(recovery?.resumed).toBeUndefined();
    expect(await kinds()).toEqual(['Intent d1', 'Applied d1', 'Closed d1']);
  });

  test('somebody changed a target that was never written to: the intent is aborted', async () => {
    await write(intent);
    const recovery = await recovered({ status: pending, target: targetFixture(7) });
    expect(recovery?.status.decisions?.[0]?.outcome?.message).toBe(
      'Superseded: the operator restarted, and the target has changed since',
    );
    expect(await kinds()).toEqual(['Intent d1', 'Aborted d1']);
  });

  test('another leader ended the decision: the journal is told how', async () => {
    await write(intent);
    const status = withEnding(pending, { decision, outcome: abortedOutcome(now, 'Forbidden', 'no') });
    const recovery = await recovered({ status, target: carried });
    expect(recovery?.status).toEqual(status);
    expect(recovery?.resumed).toBeUndefined();
    expect(await kinds()).toEqual(['Intent d1', 'Aborted d1']);
  });
});

test('an ending that the status tells stands, also when it still calls the decision pending', async () => {
  await write(intent);
  const status = { ...withEnding(pending, { decision, outcome }), pending: pending.pending };
  const recovery = await recovered({ status, target: unchanged });
  expect(recovery?.status).not.toHaveProperty('pending');
  expect(states(recovery)).toEqual([['d1', 'Closed']]);
  expect(await kinds()).toEqual(['Intent d1', 'Closed d1']);
});

describe('without an answer from the server', () => {
  test.each<TargetProblem['problem']>(['Unreachable', 'Forbidden'])(
    'nothing is decided on a guess: %s',
    async (problem) => {
      await write(intent);
      await expect(recovered({ status: pending, target: { problem, message: '' } })).resolves.toBeUndefined();
      expect(await kinds()).toEqual(['Intent d1']);
    },
  );
});

describe('a journal that was lost with its disk', () => {
  test('is replaced by what the status tells: a change that is on the target is measured', async () => {
    const recovery = await recovered({ status: pending, target: carried });
    expect(recovery?.resumed?.decision).toMatchObject({
      id: 'd1',
      at: decision.at,
      action: 'ScaleUp',
      from: 4,
      to: 9,
      epoch: 1,
      message: decision.message,
      target: { kind: 'Deployment', name: 'web', uid: 'target-uid' },
    });
    expect(await kinds()).toEqual(['Intent d1', 'Applied d1']);
  });

  test('is replaced by what the status tells: one that is not there is aborted', async () => {
    await recovered({ status: pending });
    expect(await kinds()).toEqual(['Intent d1', 'Aborted d1']);
  });
});

test('other policies are left alone', async () => {
  const other = { ...decision, id: 'd7', policy: { ...decision.policy, uid: 'another' } };
  await write(recordOf('Intent', other));
  await recovered();
  expect(journal.openIntents().map(({ intent: open }) => open.decisionId)).toEqual(['d7']);
});

test('recovery that is interrupted and begun again comes to the same end', async () => {
  await write(intent);
  await recovered({ status: pending, target: carried });
  // The status was not written before the next crash.
  const recovery = await recovered({ status: pending, target: carried });
  expect(recovery?.resumed?.decision.id).toBe('d1');
  expect(await kinds()).toEqual(['Intent d1', 'Applied d1']);
});

describe('what is remembered', () => {
  const condition = (type: string, status: 'True' | 'False', reason: string, since: number) => {
    const lastTransitionTime = new Date(since).toISOString();
    return { type, status, reason, message: '', observedGeneration: 3, lastTransitionTime };
  };
  const remembered = async (status: PolicyStatus): Promise<Recovery['remembered'] | undefined> =>
    (await recovered({ status }))?.remembered;

  test.each([
    [
      'since when it observes',
      [condition('ObservationComplete', 'False', 'Observing', now - 60_000)],
      now - 60_000,
    ],
    [
      'that it has observed',
      [condition('ObservationComplete', 'True', 'Observed', now - 60_000)],
      policy.createdAt,
    ],
    [
      'no time that is still to come',
      [condition('ObservationComplete', 'False', 'Observing', now + 60_000)],
      now,
    ],
  ])('is %s', async (_name, conditions, observedSince) => {
    expect(await remembered({ conditions })).toMatchObject({ observedSince });
  });

  const workload = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'web',
    uid: 'target-uid',
    currentReplicas: 7,
    readyReplicas: 7,
  };

  test('is which object it was, and how many replicas it had', async () => {
    expect(await remembered({ workloads: [workload] })).toMatchObject({
      targetUid: 'target-uid',
      replicas: 7,
    });
  });

  test('is that somebody’s change is to be respected: from now, for the time of it is not known', async () => {
    const conditions = [condition('ActionSuspended', 'True', 'ManualChange', now - 600_000)];
    expect(await remembered({ conditions, workloads: [workload] })).toMatchObject({
      foreignChange: { at: now, from: undefined, to: 7 },
    });
  });

  test('is each action of the last hour, and the last one, to the second', async () => {
    const at = (minutesAgo: number, id: string): PolicyStatus['decisions'] =>
      withEnding({}, { decision: decisionFixture(id, { at: now - minutesAgo * 60_000 }), outcome }).decisions;
    const decisions = [...at(5, 'd3')!, ...at(30, 'd2')!, ...at(90, 'd1')!];
    const refused = withEnding(
      {},
      { decision: decisionFixture('d4', { at: now }), outcome: abortedOutcome(now, 'No', 'no') },
    ).decisions!;
    const { lastActionAt, actionTimes } = (await remembered({ decisions: [...refused, ...decisions] }))!;
    expect(actionTimes).toHaveLength(2);
    expect(lastActionAt).toBe(actionTimes?.at(-1));
    expect(Math.abs(lastActionAt! - (now - 5 * 60_000))).toBeLessThan(1000);
  });
});
