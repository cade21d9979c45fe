import type { BacktestConfig, ContenderResult } from '../../simulate/backtest-result.ts';
import { DEFAULT_SIMULATION } from '../../simulate/simulation-config.ts';
import { assemble } from './assemble.ts';
import type { Plan } from './plan.ts';

const names = ['autonomic', 'hpa'];

const config: BacktestConfig = {
  ...DEFAULT_SIMULATION,
  warmupSeconds: 604_800,
  contenders: names,
  version: '0.0.0',
  hash: '',
};

const plan: Plan = {
  contenders: names.map((name) => ({ name, title: name, source: '' })),
  traces: ['a', 'b'].map((name) => ({
    name,
    group: 'g',
    digest: '',
    startAt: '1970-01-01T00:00:00.000Z',
    days: 14,
    warmupSeconds: 0,
    scale: 1,
    skippedRows: 0,
    gapSeconds: 0,
  })),
  jobs: ['a', 'a', 'b', 'b'].map((name, index) => ({
    setup: { config, warmupSeconds: 0, frontier: false, record: false },
    trace: { name, times: new Float64Array(), values: new Float64Array() },
    contender: names[index % 2] ?? '',
  })),
};

const result = (name: string, costOverOracle: number): ContenderResult => ({
  name,
  replicaSeconds: 1,
  costOverOracle,
  badRequestShare: 0,
  badWindowShare: 0,
  actionsPerDay: 0,
  meetsTarget: true,
  elasticity: { underAccuracy: 0, overAccuracy: 0, underTimeShare: 0, overTimeShare: 0 },
  daily: [],
  warmupDaily: [],
  hourly: { replicaSeconds: [], slowRequests: [] },
});

const [ours, rival, ours2, rival2] = [
  result('autonomic', 1),
  result('hpa', 2),
  result('autonomic', 3),
  result('hpa', 4),
];

describe('the document of a backtest', () => {
  test('has each trace with its contenders, and a summary of all', () => {
    const { traces, summary, partial } = assemble(plan, [ours, rival, ours2, rival2], config);
    expect(partial).toBeUndefined();
    expect(traces.map(({ name, contenders }) => [name, contenders])).toEqual([
      ['a', [ours, rival]],
      ['b', [ours2, rival2]],
    ]);
    expect(
      summary.map(({ name, traces: count, meanCostOverOracle }) => [name, count, meanCostOverOracle]),
    ).toEqual([
      ['autonomic', 2, 2],
      ['hpa', 2, 3],
    ]);
  });

  test.each([
    [
      'compares on complete traces only',
      [ours, rival, undefined, rival2],
      { traces: ['a', 'b'], summary: [1, 2] },
      'interrupted after 3 of 4 simulations; 1 of 2 traces are complete, and the summary is of these',
    ],
    [
      'has no summary where none is complete',
      [undefined, rival, undefined, undefined],
      { traces: ['a'], summary: [] },
      'interrupted after 1 of 4 simulations; no trace is complete, so there is no summary',
    ],
    [
      'may be empty',
      [undefined, undefined, undefined, undefined],
      { traces: [], summary: [] },
      'interrupted after 0 of 4 simulations; no trace is complete, so there is no summary',
    ],
  ])('of an interrupted run %s', (_, results, expected, message) => {
    const { traces, summary, partial } = assemble(plan, results, config);
    expect(traces.map(({ name }) => name)).toEqual(expected.traces);
    expect(summary.map(({ meanCostOverOracle }) => meanCostOverOracle)).toEqual(expected.summary);
    expect(partial).toEqual({
      done: results.filter((each) => each !== undefined).length,
      planned: 4,
      message,
    });
  });
});
