import { LoopDriver } from '../../../../test/support/loop-driver.ts';
import { policyFixture } from '../../../../test/support/loop-fixtures.ts';
import type { LoopReport } from '../../../loop/report.ts';
import { baselineKnown, threatSuspected } from './watch-conditions.ts';

const report = (spec: Readonly<Record<string, unknown>> = {}): LoopReport =>
  new LoopDriver(policyFixture(spec), 3).tick(100);

describe('BaselineKnown', () => {
  it.each([
    ['Learning', '0 of 24 hours of the workload are known', 0],
    ['Learning', '23 of 24 hours of the workload are known', 0.99],
    ['Known', 'a day or more of the workload is known', 1],
  ])('is %s: %s', (reason, message, baseline) => {
    const seen = report();
    const anomalies = { ...seen.anomalies!, baseline };
    expect(baselineKnown({ ...seen, anomalies })).toEqual({ reason, message });
  });

  it('is unknown where nobody wants it, or there is no target', () => {
    expect(baselineKnown(report({ anomaly: { mode: 'Disabled' } })).reason).toBe('Disabled');
    const target = { problem: 'NotFound', message: 'no such workload' } as const;
    expect(baselineKnown({ ...report(), target }).reason).toBe('TargetUnavailable');
  });
});

describe('ThreatSuspected', () => {
  it.each([
    ['NotWatched', undefined, 'nobody looks for threats'],
    ['NothingSuspected', { freeze: false, reason: '' }, 'no evidence in what is watched'],
    ['Noticed', { freeze: false, reason: 'a new binding' }, 'a new binding'],
    ['Frozen', { freeze: true, reason: 'a new binding' }, 'a new binding'],
  ])('is %s', (reason, threat, message) => {
    expect(threatSuspected({ ...report(), threat })).toEqual({ reason, message });
  });
});
