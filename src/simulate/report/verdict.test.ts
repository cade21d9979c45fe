import type { BacktestResult, Comparison, ContenderSummary } from '../backtest-result.ts';
import { backtestFixture } from '../../../test/support/backtest-fixture.ts';
import { baselineOf, verdictOf } from './verdict.ts';

const row = (name: string, more: Partial<ContenderSummary> = {}): ContenderSummary => ({
  name,
  title: name.toUpperCase(),
  source: '',
  traces: 14,
  medianCostOverOracle: 2,
  meanCostOverOracle: 2,
  shareMeetingTarget: 11 / 14,
  medianBadRequestShare: 0.005,
  medianBadWindowShare: 0.02,
  medianActionsPerDay: 300,
  ...more,
});

const against = (more: Partial<Comparison>): Partial<ContenderSummary> => ({
  comparison: {
    costRatio: 0.69,
    interval95: [0.6, 0.8],
    onlyAutonomicMeets: 0.2,
    onlyThisMeets: 0,
    pValue: 0.03,
    ...more,
  },
});

const FOURTEEN = backtestFixture({ traces: 14, days: 5, names: ['autonomic', 'hpa'], record: false });

const result = (...summary: ContenderSummary[]): BacktestResult => ({ ...FOURTEEN, summary });

const ours = (met: number): ContenderSummary =>
  row('autonomic', { title: 'Autonomic', shareMeetingTarget: met / 14, medianActionsPerDay: 688 });

describe('the verdict', () => {
  test('says in one sentence what it would have cost and how often the objective was kept', () => {
    const verdict = verdictOf(result(ours(13), row('hpa', against({}))));
    expect(verdict).toEqual({
      tone: 'Better',
      sentence:
        'On 14 workloads Autonomic would have cost 31 % less than HPA, tuned to the same objective, and kept the objective on 13 of 14 (HPA: 11 of 14).',
      notes: [
        'Against HPA, 95 % interval of the cost: 20 % to 40 % less, from 4 origins of workloads: too few to be sure of it elsewhere.',
        'The number of replicas would have changed 688 times a day (HPA: 300).',
      ],
    });
  });

  const tones: [string, number, Partial<Comparison>, string, string][] = [
    ['cheaper and kept as often is better', 11, {}, 'Better', '31 % less than'],
    [
      'dearer but kept more often is mixed',
      13,
      { costRatio: 1.2, interval95: [1.1, 1.3] },
      'Mixed',
      '20 % more than',
    ],
    ['cheaper but kept less often is mixed', 9, {}, 'Mixed', '31 % less than'],
    [
      'dearer and kept less often is worse',
      9,
      { costRatio: 1.2, interval95: [1.1, 1.3] },
      'Worse',
      '20 % more than',
    ],
    [
      'dearer and kept as often is worse',
      11,
      { costRatio: 1.2, interval95: [1.1, 1.3] },
      'Worse',
      '20 % more than',
    ],
    ['equal in both is even', 11, { costRatio: 1.004, interval95: [0.9, 1.1] }, 'Even', 'as much as'],
    [
      'cheaper by chance is no yes',
      11,
      { costRatio: 0.9, interval95: [0.7, 1.1] },
      'Unsure',
      '10 % less than',
    ],
    [
      'kept more often is better when the cost may be equal',
      13,
      { costRatio: 0.9, interval95: [0.7, 1.1] },
      'Better',
      '10 % less than',
    ],
  ];
  test.each(tones)('%s', (...[, met, comparison, tone, words]) => {
    const verdict = verdictOf(result(ours(met), row('hpa', against(comparison))));
    expect(verdict.tone).toBe(tone);
    expect(verdict.sentence).toContain(words);
  });

  test('says when the difference may be chance', () => {
    const { notes } = verdictOf(
      result(ours(11), row('hpa', against({ costRatio: 0.9, interval95: [0.7, 1.1] }))),
    );
    expect(notes[0]).toContain('30 % less to 10 % more');
    expect(notes[0]).toContain('may be chance');
  });

  test('has no such doubt with enough origins', () => {
    const traces = FOURTEEN.traces.map((trace, index) => ({ ...trace, group: String(index % 6) }));
    const { notes } = verdictOf({ ...result(ours(13), row('hpa', against({}))), traces });
    expect(notes[0]).toMatch(/from 6 origins of workloads\.$/);
  });

  test('names the best of the others when that is not the baseline', () => {
    const best = row('peak-1h', { shareMeetingTarget: 1, medianCostOverOracle: 2.4, ...against({}) });
    const { notes } = verdictOf(result(ours(13), row('hpa', against({})), best));
    expect(notes).toContain(
      "Of all others PEAK-1H kept the objective most often: on 14 of 14, at 2.40 times the oracle's cost (Autonomic: 2.00).",
    );
  });

  test('claims nothing beyond one workload, or beyond one origin', () => {
    const one = backtestFixture({ traces: 1, days: 5, record: false });
    expect(verdictOf(one).notes).toContain('One workload tells nothing about others.');
    expect(verdictOf(one).sentence).toContain('On the workload web-0 Autonomic');
    const several = backtestFixture({ traces: 3, days: 5, record: false });
    const traces = several.traces.map((trace) => ({ ...trace, group: 'a' }));
    const comparison = { costRatio: 0.9, onlyAutonomicMeets: 0, onlyThisMeets: 0 };
    const summary = [ours(14), row('hpa', { comparison })];
    expect(verdictOf({ ...several, traces, summary }).notes[0]).toContain('come from one origin');
  });

  test('adds up the money where a replica has a price', () => {
    const priced = result(ours(13), row('hpa', against({})));
    const { notes } = verdictOf({ ...priced, config: { ...priced.config, replicaHourPrice: 0.05 } });
    const hours = priced.traces.reduce(
      (sum, { contenders }) => sum + contenders[0]!.replicaSeconds / 3_600,
      0,
    );
    expect(notes.join(' ')).toContain(`would have cost ${Math.round(hours * 0.05)} (HPA: `);
  });

  test('says first what an interrupted run lacks', () => {
    const partial = { done: 3, planned: 28, message: 'interrupted after 3 of 28 simulations' };
    expect(verdictOf({ ...result(ours(13), row('hpa', against({}))), partial }).notes[0]).toBe(
      partial.message,
    );
  });

  const unknown: [string, ContenderSummary[], string][] = [
    [
      'without autonomic it names who kept the objective most often',
      [row('hpa'), row('keda', { shareMeetingTarget: 1 })],
      'Autonomic was not among the contenders; KEDA kept the objective most often (14 of 14), at 2.00 times',
    ],
    ['without a rival it says so', [ours(13), row('oracle')], 'no other autoscaler to compare with'],
    ['without any result it says so', [], 'nothing can be said'],
  ];
  test.each(unknown)('%s', (_, summary, words) => {
    const verdict = verdictOf(result(...summary));
    expect(verdict.tone).toBe('Unknown');
    expect(verdict.sentence).toContain(words);
  });

  test('compares with the HPA where there is one, else with the first rival', () => {
    expect(baselineOf([ours(1), row('keda'), row('hpa')])?.name).toBe('hpa');
    expect(baselineOf([ours(1), row('keda'), row('oracle')])?.name).toBe('keda');
    expect(baselineOf([ours(1), row('oracle')])).toBeUndefined();
  });
});
