import type { PhaseTotals, SimulationRun } from '../simulation-run.ts';
import { contenderResult } from './contender-result.ts';

const DAY: PhaseTotals = {
  seconds: 86_400,
  replicaSeconds: 300_000,
  requests: 1_000_000,
  slowRequests: 5_000,
  windows: 288,
  badWindows: 36,
  actions: 120,
  shortReplicaSeconds: 4_000,
  spareReplicaSeconds: 104_000,
  shortSeconds: 2_160,
  spareSeconds: 43_200,
  neededReplicaSeconds: 200_000,
};

const doubled = Object.fromEntries(
  Object.entries(DAY).map(([key, value]: [string, number]) => [key, 2 * value]),
) as unknown as PhaseTotals;

const RUN: SimulationRun = {
  warmup: DAY,
  test: doubled,
  days: [DAY, DAY],
  warmupDays: [DAY],
  hours: { replicaSeconds: [7200, 10_800], slowRequests: [1.26, 0] },
  decisions: 11_520,
};

describe('the result of one contender on one trace', () => {
  test('relates cost, slow requests, windows and actions to their measures', () => {
    expect(contenderResult(RUN, { name: 'hpa', slowShare: 0.01 })).toEqual({
      name: 'hpa',
      replicaSeconds: 600_000,
      costOverOracle: 1.5,
      badRequestShare: 0.005,
      badWindowShare: 0.125,
      actionsPerDay: 120,
      meetsTarget: true,
      elasticity: { underAccuracy: 0.02, overAccuracy: 0.52, underTimeShare: 0.025, overTimeShare: 0.5 },
      daily: [
        { costOverOracle: 1.5, badRequestShare: 0.005 },
        { costOverOracle: 1.5, badRequestShare: 0.005 },
      ],
      warmupDaily: [{ costOverOracle: 1.5, badRequestShare: 0.005 }],
      hourly: { replicaSeconds: [7200, 10_800], slowRequests: [1.3, 0] },
    });
  });

  test('names the knob that was chosen', () => {
    const knob = { name: 'CPU utilization', value: 0.6 };
    expect(contenderResult(RUN, { name: 'hpa', knob, slowShare: 0.01 })).toMatchObject({
      knob: 0.6,
      knobName: 'CPU utilization',
    });
  });

  const objectives: [string, number, boolean][] = [
    ['is met by a smaller share of slow requests', 0.006, true],
    ['is met by exactly that share', 0.005, true],
    ['is missed by a larger one', 0.004, false],
  ];
  test.each(objectives)('the objective %s', (_, slowShare, meetsTarget) => {
    expect(contenderResult(RUN, { name: 'hpa', slowShare }).meetsTarget).toBe(meetsTarget);
  });

  test('leaves a day that is not whole out of the daily results', () => {
    const days = [DAY, { ...DAY, seconds: 3_600 }];
    expect(contenderResult({ ...RUN, days }, { name: 'hpa', slowShare: 0.01 }).daily).toHaveLength(1);
  });

  test('hands on the recorded warm-up, series and changes', () => {
    const series = {
      stepSeconds: 300,
      demand: Float32Array.of(1),
      replicas: Float32Array.of(2),
      slowShare: Float32Array.of(0),
    };
    const changes = [{ at: 0, from: 1, to: 2, why: 'more demand' }];
    const result = contenderResult(
      { ...RUN, warmupDays: [DAY], series, changes },
      { name: 'hpa', slowShare: 0.01 },
    );
    expect(result.series).toBe(series);
    expect(result.changes).toBe(changes);
    expect(result.warmupDaily).toEqual([{ costOverOracle: 1.5, badRequestShare: 0.005 }]);
  });

  test('counts a day without requests as one on which nobody waited', () => {
    const silent = { ...DAY, requests: 0, slowRequests: 0 };
    expect(contenderResult({ ...RUN, test: silent }, { name: 'hpa', slowShare: 0.01 }).badRequestShare).toBe(
      0,
    );
  });

  const impossible: [string, Partial<PhaseTotals>, string][] = [
    ['an oracle that needed nothing', { neededReplicaSeconds: 0 }, 'neededReplicaSeconds must be positive'],
    ['a scored part without a window', { windows: 0, badWindows: 0 }, 'at least one five-minute window'],
  ];
  test.each(impossible)('refuses %s', (_, change, message) => {
    const run = { ...RUN, test: { ...DAY, ...change } };
    expect(() => contenderResult(run, { name: 'hpa', slowShare: 0.01 })).toThrow(message);
  });
});
