import type { Anomaly } from '../analyze/anomaly/anomaly.ts';
import { contextFixture } from '../../../test/support/loop-fixtures.ts';
import { anomalyHoldGuard, threatFreezeGuard } from './anomaly.ts';

const anomaly = (change: Partial<Anomaly> = {}): Anomaly => ({
  kind: 'Spike',
  signal: 'load',
  severity: 'Medium',
  since: 0,
  seenAt: 0,
  surprise: 5,
  expected: 100,
  actual: 400,
  message: 'load is 400 where 100 is usual',
  holds: true,
  openedAt: 0,
  told: true,
  fleetWide: false,
  ...change,
});

describe('AnomalyHold', () => {
  it.each([
    ['lets fewer pass while nothing is unusual', [], 3, 'Pass'],
    ['forbids fewer while something is', [anomaly()], 3, 'Veto'],
    ['lets fewer pass while only what does not hold is open', [anomaly({ holds: false })], 3, 'Pass'],
    ['lets more pass', [anomaly()], 9, 'Pass'],
    ['lets the present number pass', [anomaly()], 5, 'Pass'],
  ])('%s', (_, anomalies, value, outcome) => {
    expect(anomalyHoldGuard.check(value, contextFixture({ current: 5, anomalies })).outcome).toBe(outcome);
  });

  it('names the gravest', () => {
    const anomalies = [
      anomaly(),
      anomaly({ severity: 'High', message: 'latency is 2 s where 80 ms is usual' }),
    ];
    expect(anomalyHoldGuard.check(3, contextFixture({ current: 5, anomalies }))).toEqual({
      outcome: 'Veto',
      reason: 'AnomalyHold',
      message: 'no decrease now: latency is 2 s where 80 ms is usual',
    });
  });
});

describe('ThreatFreeze', () => {
  it.each([
    { name: 'lets all pass where nothing is suspected', freeze: false, value: 2, outcome: 'Pass' },
    { name: 'forbids fewer', value: 2, outcome: 'Veto', reason: 'ThreatFreeze' },
    { name: 'lets pass what the measured load needs', value: 8, outcome: 'Pass' },
    { name: 'takes off what a forecast adds to it', value: 12, outcome: 'Clamp', after: 8 },
    { name: 'orders nothing more while nothing is measured', reactive: undefined, value: 12, after: 5 },
    { name: 'lets the present number pass', value: 5, outcome: 'Pass' },
  ])('$name', ({ freeze = true, value, after, outcome = 'Clamp', reason, ...given }) => {
    const reactive = 'reactive' in given ? given.reactive : 8;
    const context = contextFixture({ current: 5, reactive, threat: { freeze, reason: 'refused log-ins' } });
    const verdict = threatFreezeGuard.check(value, context);
    expect(verdict).toMatchObject({
      outcome,
      ...(reason === undefined ? {} : { reason }),
      ...(after === undefined ? {} : { value: after, reason: 'ThreatFreeze' }),
    });
  });

  it('lets all pass where nobody looks', () => {
    expect(threatFreezeGuard.check(1, contextFixture({ current: 5 })).outcome).toBe('Pass');
  });
});
