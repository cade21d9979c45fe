import { policySpecSchema } from '../../src/api/policy-spec.ts';
import {
  compareLive,
  REQUESTS_SPEC,
  TARGET_SPEC,
  type LiveComparison,
} from '../support/live/compare-live.ts';
import { differences } from '../support/live/differences.ts';

// The whole two weeks are a benchmark: make bench ARGS=live

test.each([
  ['a metric with a target', TARGET_SPEC, 8],
  ['an objective about requests', REQUESTS_SPEC, 8],
])(
  'with %s, the live path decides as the backtest of the same past: each change, each forecast',
  async (_name, spec, hours) => {
    const compared: LiveComparison = await compareLive({ spec, hours, seed: 11 });
    process.stderr.write(`${JSON.stringify({ ...compared, differences: compared.differences.length })}\n`);
    expect(compared.differences.slice(0, 5)).toEqual([]);
    expect(compared.ticks).toBe(hours * 240);
    expect(compared.decisions).toBeGreaterThan(5);
    expect(compared.forecasts).toBeGreaterThan(compared.ticks / 4);
  },
  180_000,
);

test('a difference anywhere is found', () => {
  const change = { at: 15_000, from: 2, to: 3, message: 'Up.' };
  const tick = { until: 0, replicas: 2, ready: 2, pods: [], demand: 1, requests: 1, bad: 0 };
  const spec = policySpecSchema.parse({
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    horizontal: { maxReplicas: 5 },
    ...TARGET_SPEC,
  });
  const ticks = [0, 15_000].map((now) => ({ ...tick, now }));
  const backtest = { spec, ticks, changes: [change], bounds: [1, 2] };
  const same = { changes: [change], bounds: [1, 2], measured: [1, 1], strayed: 0 };
  expect(differences(backtest, same)).toEqual([]);
  const others = [
    { ...same, changes: [] },
    { ...same, changes: [{ ...change, message: 'Up!' }] },
    { ...same, changes: [change, change] },
    { ...same, bounds: [1, 2 + 2 * Number.EPSILON] },
    { ...same, bounds: [1, undefined] },
    { ...same, measured: [1, 1.5] },
    { ...same, measured: [1, 'Missing'] },
    { ...same, strayed: 1 },
  ];
  for (const other of others) expect(differences(backtest, other)).toHaveLength(1);
});
