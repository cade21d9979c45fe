import { decisionFixture } from '../../../../test/support/decision-fixtures.ts';
import { policyStatusSchema } from '../../../api/policy-status.ts';
import type { Outcome } from '../../../loop/execute/outcome.ts';
import { decisionStatus, outcomeStatus, pendingStatus } from './status-values.ts';
import { timeText } from './time-text.ts';

test('a time in the status has whole seconds', () => {
  expect(timeText(Date.UTC(2026, 4, 4, 9, 0, 0, 999))).toBe('2026-05-04T09:00:00Z');
});

const outcome: Outcome = {
  result: 'Met',
  at: Date.UTC(2026, 4, 4, 9, 10),
  observedSeconds: 600,
  measuredSeconds: 600,
  violatedSeconds: 0,
  replicaSeconds: 5400,
  cost: 0.06,
  message: 'objective violated for 0 of 600 measured seconds',
};

describe('what the API is told', () => {
  const long = 'x'.repeat(5000);
  const decision = decisionFixture('d1', {
    message: long,
    guards: [
      { guard: 'Bounds', outcome: 'Pass', before: 9, after: 9 },
      { guard: 'Mode', outcome: 'Veto', before: 9, after: 4, reason: 'PreviewMode', message: long },
    ],
  });

  test('fits the schema, however long the words are', () => {
    const status = {
      pending: pendingStatus(decision, 300),
      decisions: [
        { ...decisionStatus(decision, 'Intended'), outcome: outcomeStatus({ ...outcome, message: long }) },
      ],
    };
    expect(policyStatusSchema.safeParse(status)).toMatchObject({ success: true });
  });

  test('is the decision with its reasons', () => {
    expect(decisionStatus(decisionFixture('d1'), 'Applied')).toEqual({
      id: 'd1',
      time: '2026-05-04T09:00:00Z',
      mode: 'Apply',
      action: 'ScaleUp',
      from: 4,
      to: 9,
      state: 'Applied',
      message: 'requests will peak at 412 within 60 s (95% sure), 9 replicas serve 450.',
      proposals: [{ source: 'Forecast', metric: 'requests', replicas: 9, detail: 'ceil(412 ÷ 50) = 9' }],
      guards: [],
      forecast: {
        metric: 'requests',
        peak: '380',
        upper: '412',
        confidencePercent: 95,
        confidence: 'High',
        horizonSeconds: 60,
        parts: { newest: '370', level: '2', trend: '5', recent: '3' },
      },
    });
  });

  test('is the outcome, with a price only where there is one', () => {
    expect(outcomeStatus(outcome)).toMatchObject({
      result: 'Met',
      endTime: '2026-05-04T09:10:00Z',
      cost: '0.06',
    });
    const { cost, ...unpriced } = outcome;
    expect(cost).toBe(0.06);
    expect(outcomeStatus(unpriced)).not.toHaveProperty('cost');
  });

  test('is what a later leader needs to find out what became of it', () => {
    expect(pendingStatus(decisionFixture('d1'), 300)).toEqual({
      decisionId: 'd1',
      targetUid: 'target-uid',
      previousReplicas: 4,
      nextReplicas: 9,
      startTime: '2026-05-04T09:00:00Z',
      deadlineTime: '2026-05-04T09:05:00Z',
      epoch: 1,
    });
  });
});
