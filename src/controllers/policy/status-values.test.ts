import fc from 'fast-check';
import { decisionFixture } from '../../../test/support/decision-fixtures.ts';
import { policyStatusSchema } from '../../api/policy-status.ts';
import { parseQuantity } from '../../api/quantity.ts';
import type { Outcome } from '../../loop/execute/outcome.ts';
import {
  decisionStatus,
  forecastStatus,
  outcomeStatus,
  pendingStatus,
  quantityText,
  timeText,
} from './status-values.ts';

describe('a number in the status', () => {
  test.each([
    [0, '0'],
    [49.4321, '49.4'],
    [0.123456, '0.123'],
    [999.4, '999'],
    [1234.5, '1235'],
    [2 ** 31, '2147483648'],
    [1e-12, '1e-9'],
    [1e308, '9000000000000000000'],
  ])('%d is written as %s', (value, text) => {
    expect(quantityText(value)).toBe(text);
  });

  test('is a quantity near to it, to three digits or the billionth a quantity ends at, whatever it is', () => {
    const property = fc.property(fc.double({ min: 0, noNaN: true }), (value) => {
      const read = parseQuantity(quantityText(value));
      const near = Math.max(0.005 * value, 1e-9);
      if (value >= 1e-9 && value <= 9e18) expect(Math.abs(read - value)).toBeLessThanOrEqual(near);
      else if (value > 0) expect(read).toBeGreaterThan(0);
    });
    fc.assert(property);
  });
});

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
      workloads: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: 'web',
          uid: 'u',
          currentReplicas: 4,
          readyReplicas: 4,
          forecast: forecastStatus({
            ...decision.forecast!,
            peak: 1e300,
            upper: Infinity,
            coverage: 1.2,
            accuracy: -3,
          }),
        },
      ],
    };
    expect(policyStatusSchema.safeParse(status)).toMatchObject({ success: true });
    expect(status.workloads[0]?.forecast).toMatchObject({ coveragePercent: 100, accuracyPercent: 0 });
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
