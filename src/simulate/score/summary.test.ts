import type { ContenderResult, TraceResult } from '../backtest-result.ts';
import { summarize } from './summary.ts';

const result = (name: string, costOverOracle: number, badRequestShare: number): ContenderResult => ({
  name,
  replicaSeconds: costOverOracle * 1_000,
  costOverOracle,
  badRequestShare,
  badWindowShare: badRequestShare * 2,
  actionsPerDay: 100 * costOverOracle,
  meetsTarget: badRequestShare <= 0.01,
  elasticity: { underAccuracy: 0, overAccuracy: 0, underTimeShare: 0, overTimeShare: 0 },
  daily: [],
  warmupDaily: [],
  hourly: { replicaSeconds: [costOverOracle, 2], slowRequests: [1_000 * badRequestShare, 0] },
});

const trace = (group: string, ...contenders: ContenderResult[]): TraceResult => ({
  name: `${group}-trace`,
  group,
  digest: 'sha256:0',
  startAt: '2026-01-01T00:00:00Z',
  days: 14,
  warmupSeconds: 604_800,
  scale: 1,
  skippedRows: 0,
  gapSeconds: 0,
  contenders,
});

const titled = (name: string): { name: string; title: string; source: string } => ({
  name,
  title: `Title of ${name}`,
  source: 'a source',
});

const TRACES = [
  trace('a', result('oracle', 1.05, 0.01), result('hpa', 2, 0.001), result('autonomic', 1.5, 0.009)),
  trace('a', result('oracle', 1.05, 0.01), result('hpa', 3, 0.02), result('autonomic', 1.2, 0.005)),
  trace('b', result('oracle', 1.05, 0.01), result('hpa', 1, 0.002), result('autonomic', 1.1, 0.03)),
  trace('c', result('oracle', 1.05, 0.01), result('hpa', 4, 0.002), result('autonomic', 2, 0.002)),
];
const ALL = ['autonomic', 'hpa', 'oracle'].map(titled);

describe('the summary over all traces', () => {
  test('has a row for each contender in the order asked for, with medians, mean and share', () => {
    const [autonomic, hpa, oracle] = summarize(TRACES, ALL, 1);
    expect([autonomic?.name, hpa?.name, oracle?.name]).toEqual(['autonomic', 'hpa', 'oracle']);
    expect(hpa).toMatchObject({
      title: 'Title of hpa',
      source: 'a source',
      traces: 4,
      medianCostOverOracle: 2.5,
      meanCostOverOracle: 2.5,
      shareMeetingTarget: 0.75,
      medianBadRequestShare: 0.002,
      medianBadWindowShare: 0.004,
      medianActionsPerDay: 250,
    });
    expect(hpa?.interval95?.[0]).toBeLessThan(2.5);
    expect(hpa?.interval95?.[1]).toBeGreaterThan(2.5);
  });

  test('compares autonomic with every rival, trace by trace, and not with itself or the oracle', () => {
    const [autonomic, hpa, oracle] = summarize(TRACES, ALL, 1);
    expect(autonomic?.comparison).toBeUndefined();
    expect(oracle?.comparison).toBeUndefined();
    // Ratios .75, .4, 1.1, .5.
    expect(hpa?.comparison?.costRatio).toBe(0.625);
    expect(hpa?.comparison?.onlyAutonomicMeets).toBe(0.25);
    expect(hpa?.comparison?.onlyThisMeets).toBe(0.25);
    // Group means of the logarithms: −.60, +.10, −.69; as far out: all but the flips of the first and the last alone.
    expect(hpa?.comparison?.pValue).toBe(0.5);
  });

  test('counts the hours in which one was worse in both respects', () => {
    const hpa = summarize(TRACES, ALL, 1).find(({ name }) => name === 'hpa');
    // Each trace has a quiet second hour. In the first: cheaper, better, worse, and as good.
    expect(hpa?.comparison).toMatchObject({ hoursWorse: 1 / 8, hoursBetter: 1 / 8 });
  });

  test('adjusts the p-values for the number of rivals', () => {
    const withTwin = TRACES.map((one) => ({
      ...one,
      contenders: [...one.contenders, { ...one.contenders[1]!, name: 'keda' }],
    }));
    const rows = summarize(withTwin, [...ALL, titled('keda')], 1);
    expect(rows.map(({ comparison }) => comparison?.pValue)).toEqual([undefined, 1, undefined, 1]);
  });

  test('says nothing about other origins when all traces have one', () => {
    const rows = summarize(TRACES.slice(0, 2), ALL, 1);
    for (const row of rows) expect(row).not.toHaveProperty('interval95');
    const comparison = rows[1]?.comparison;
    expect(comparison?.costRatio).toBeCloseTo(0.575);
    expect(comparison).not.toHaveProperty('interval95');
    expect(comparison).not.toHaveProperty('pValue');
  });

  test('pairs only traces that both have, and leaves out who has none, as after an interruption', () => {
    const interrupted = [
      ...TRACES.slice(0, 1),
      trace('b', result('autonomic', 1.1, 0.03)),
      trace('c', result('autonomic', 2, 0.002)),
    ];
    const rows = summarize(interrupted, [...ALL, titled('keda')], 1);
    expect(rows.map(({ name, traces }) => [name, traces])).toEqual([
      ['autonomic', 3],
      ['hpa', 1],
      ['oracle', 1],
    ]);
    expect(rows[1]?.comparison?.costRatio).toBe(0.75);
    expect(rows[1]?.comparison).not.toHaveProperty('pValue');
  });

  test('compares nobody when autonomic was not asked for', () => {
    const without = TRACES.map((one) => ({
      ...one,
      contenders: one.contenders.filter(({ name }) => name !== 'autonomic'),
    }));
    const rows = summarize(without, [titled('hpa'), titled('oracle')], 1);
    expect(rows.map(({ comparison }) => comparison)).toEqual([undefined, undefined]);
  });

  test('gives the same bytes for the same seed', () => {
    expect(JSON.stringify(summarize(TRACES, ALL, 4))).toBe(JSON.stringify(summarize(TRACES, ALL, 4)));
  });
});
