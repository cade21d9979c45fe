import { MAX_ANOMALIES, anomalyStatus } from '../../../api/status/anomaly.ts';
import { MAX_MESSAGE_LENGTH } from '../../../api/schema/text.ts';
import type { Anomaly } from '../../../loop/analyze/anomaly/anomaly.ts';
import { anomaliesStatus } from './anomalies-status.ts';

const SINCE = Date.UTC(2026, 4, 4, 9, 1, 30);

const anomaly = (change: Partial<Anomaly> = {}): Anomaly => ({
  kind: 'Spike',
  signal: 'load',
  severity: 'Medium',
  since: SINCE,
  seenAt: SINCE,
  surprise: 5.7,
  expected: 100.123,
  actual: 4321.6,
  message: 'the load is 4320 where 100 is usual',
  holds: true,
  openedAt: SINCE,
  told: true,
  fleetWide: false,
  ...change,
});

describe('the anomalies in the status', () => {
  it('are as people read them', () => {
    expect(anomaliesStatus([anomaly()])).toEqual([
      {
        kind: 'Spike',
        signal: 'load',
        severity: 'Medium',
        since: '2026-05-04T09:01:30Z',
        holds: true,
        probability: '2e-6',
        expected: '100',
        actual: '4322',
        message: 'the load is 4320 where 100 is usual',
      },
    ]);
  });

  it.each([
    ['there are none', []],
    ['all are those of the fleet', [anomaly({ fleetWide: true })]],
    ['the fleet has not been looked at yet', [anomaly({ told: false })]],
  ])('are not there where %s', (_, open) => {
    expect(anomaliesStatus(open)).toBeUndefined();
  });

  it('have no number for what has none, and 0 for zero', () => {
    const [missing] = anomaliesStatus([anomaly({ expected: undefined, actual: NaN })]) ?? [];
    expect(missing).not.toHaveProperty('expected');
    expect(missing).not.toHaveProperty('actual');
    const [zero] = anomaliesStatus([anomaly({ actual: 0 })]) ?? [];
    expect(zero?.actual).toBe('0');
  });

  it('are the gravest, then the newest, and no more than the status may hold', () => {
    const low = Array.from({ length: 12 }, (_, i) => anomaly({ severity: 'Low', since: SINCE + i * 60_000 }));
    const shown = anomaliesStatus([...low, anomaly({ severity: 'High', signal: 'latency' })]) ?? [];
    expect(shown).toHaveLength(MAX_ANOMALIES);
    expect(shown[0]).toMatchObject({ severity: 'High', signal: 'latency' });
    expect(shown[1]?.since).toBe('2026-05-04T09:12:30Z');
  });

  it.each([
    ['the most extreme numbers', { surprise: 12, expected: -1e308, actual: 1e308 }],
    ['numbers that are infinite', { expected: -Infinity, actual: Infinity }],
    ['a message without end', { message: 'x'.repeat(10_000) }],
  ])('keep to the schema with %s', (_, change) => {
    const [shown] = anomaliesStatus([anomaly(change)]) ?? [];
    expect(anomalyStatus.safeParse(shown).error).toBeUndefined();
    expect(shown?.message.length).toBeLessThanOrEqual(MAX_MESSAGE_LENGTH);
  });
});
