import { CONDITION_STATUSES, CONDITION_TYPES, CONDITIONS, statusOf } from './conditions.ts';
import type { Condition } from './policy-status.ts';
import { setCondition } from './set-condition.ts';

const T0 = Date.parse('2026-05-01T12:00:00.900Z');
const T1 = T0 + 60_000;

describe('the catalogue of conditions', () => {
  test.each(CONDITION_TYPES)(
    '%s: each reason stands under one status only, and can start as Unknown',
    (type) => {
      const reasons = CONDITION_STATUSES.flatMap((status) => Object.keys(CONDITIONS[type][status]));
      expect(new Set(reasons).size).toBe(reasons.length);
      expect(reasons).toContain('NotYetEvaluated');
    },
  );

  test.each(CONDITION_TYPES)('%s: reasons are words as metav1.Condition wants them', (type) => {
    for (const status of CONDITION_STATUSES) {
      for (const reason of Object.keys(CONDITIONS[type][status])) expect(reason).toMatch(/^[A-Z][A-Za-z]+$/);
    }
  });

  it('gives the status of a reason', () => {
    expect(statusOf('Ready', 'Operating')).toBe('True');
    expect(statusOf('MetricsAvailable', 'Stale')).toBe('False');
    expect(statusOf('TargetResolved', 'Unreachable')).toBe('Unknown');
  });

  it('does not take what every object has for a reason', () => {
    expect(() => statusOf('Ready', 'toString' as 'Operating')).toThrow(
      "condition Ready has no reason 'toString'",
    );
  });
});

describe('setCondition', () => {
  const update = {
    type: 'Ready',
    reason: 'Operating',
    message: 'All is well.',
    observedGeneration: 1,
  } as const;
  const first = setCondition([], update, T0);

  it('adds a condition, with the time in whole seconds', () => {
    expect(first).toEqual<Condition[]>([
      {
        type: 'Ready',
        status: 'True',
        reason: 'Operating',
        message: 'All is well.',
        observedGeneration: 1,
        lastTransitionTime: '2026-05-01T12:00:00Z',
      },
    ]);
  });

  it('returns the same list when nothing changes', () => {
    expect(setCondition(first, update, T1)).toBe(first);
  });

  test.each([
    ['reason', { ...update, reason: 'Observing' as const }],
    ['message', { ...update, message: 'Still well.' }],
    ['generation', { ...update, observedGeneration: 2 }],
  ])('keeps the transition time when only the %s changes', (_, next) => {
    const [condition] = setCondition(first, next, T1);
    expect(condition).toMatchObject({ status: 'True', lastTransitionTime: '2026-05-01T12:00:00Z' });
    expect(condition).not.toEqual(first[0]);
  });

  it('moves the transition time when the status changes', () => {
    const [condition] = setCondition(first, { ...update, reason: 'InvalidSpec' }, T1);
    expect(condition).toMatchObject({ status: 'False', lastTransitionTime: '2026-05-01T12:01:00Z' });
  });

  it('leaves the other conditions and their order alone', () => {
    const two = setCondition(first, { ...update, type: 'Degraded', reason: 'AsExpected' }, T0);
    const changed = setCondition(two, { ...update, reason: 'InvalidSpec' }, T1);
    expect(changed.map(({ type }) => type)).toEqual(['Ready', 'Degraded']);
    expect(changed[1]).toBe(two[1]);
  });

  it('clips a message that the API would refuse, leaving no broken character', () => {
    const [condition] = setCondition([], { ...update, message: '😀'.repeat(2000) }, T0);
    expect(condition?.message.length).toBeLessThanOrEqual(1024);
    expect(condition?.message.isWellFormed()).toBe(true);
  });
});
