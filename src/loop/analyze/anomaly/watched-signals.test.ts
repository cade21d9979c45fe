import { policyFixture, targetFixture } from '../../../../test/support/loop-fixtures.ts';
import type { FeatureInputs } from '../../monitor/features/inputs.ts';
import { FEATURE_COUNT, SLOT } from '../../monitor/features/schema.ts';
import type { Reading } from '../../monitor/reading.ts';
import { SIGNAL, WATCHED_SIGNALS, watchSignals, type WatchedSignal } from './watched-signals.ts';

const NOW = 1_000_000;
const read = (value: number, at = NOW): Reading => ({ quality: 'Fresh', value, at });
const none: Reading = { quality: 'Missing', reason: 'NoData', message: 'no series' };

const SIGNALS = {
  cpuCores: read(3),
  cpuThrottledShare: none,
  memoryBytes: read(800),
  memoryLimitBytes: none,
  restarts: none,
  networkReceiveBytes: read(50),
  networkTransmitBytes: read(70),
} as unknown as NonNullable<FeatureInputs['signals']>;

/** What is watched of a policy about requests per second, by name. */
function watched(change: Partial<FeatureInputs> = {}): Record<WatchedSignal, number> {
  const features = new Float32Array(FEATURE_COUNT).fill(NaN);
  features[SLOT.tailLatency] = 0.25;
  features[SLOT.errorShare] = 0.5;
  features[SLOT.queueLag] = 8;
  const out = new Float64Array(WATCHED_SIGNALS.length).fill(-1);
  const inputs: FeatureInputs = {
    now: NOW,
    policy: policyFixture(),
    target: targetFixture(4),
    monitoring: { metrics: [{ name: 'requests', total: read(120) }] },
    indicators: [],
    signals: SIGNALS,
    forecasts: [],
    ...change,
  };
  watchSignals(inputs, features, out);
  return Object.fromEntries(WATCHED_SIGNALS.map((name) => [name, out[SIGNAL[name]]])) as Record<
    WatchedSignal,
    number
  >;
}

describe('what is watched', () => {
  it('are totals, and memory by the pod', () => {
    expect(watched()).toEqual({
      load: 120,
      latency: 0.25,
      errors: 0.5,
      queue: 8,
      cpu: 3,
      memory: 200,
      receive: 50,
      transmit: 70,
    });
  });

  it('is CPU once, where the load is the CPU', () => {
    const cpu = {
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
    };
    const { load, cpu: watchedCpu } = watched({
      policy: policyFixture({ metrics: [cpu] }),
      monitoring: { metrics: [{ name: 'cpu', total: read(2.5) }] },
    });
    expect([load, watchedCpu]).toEqual([2.5, NaN]);
  });

  it.each<[string, Partial<FeatureInputs>, readonly WatchedSignal[]]>([
    ['a load that is not measured', { monitoring: { metrics: [] } }, ['load']],
    [
      'a load from the future',
      { monitoring: { metrics: [{ name: 'requests', total: read(1, NOW + 1) }] } },
      ['load'],
    ],
    ['memory without pods', { target: targetFixture(0) }, ['memory']],
    ['what cAdvisor does not tell', { signals: undefined }, ['cpu', 'memory', 'receive', 'transmit']],
  ])('is unknown, not zero: %s', (_, change, unknown) => {
    const seen = watched(change);
    expect(WATCHED_SIGNALS.filter((name) => Number.isNaN(seen[name]))).toEqual(unknown);
  });
});
