import type { ContenderResult, DayResult, TraceResult } from '../backtest-result.ts';
import { learningCurve } from './learning-curve.ts';

const day = (costOverOracle: number, badRequestShare: number): DayResult => ({
  costOverOracle,
  badRequestShare,
});

const life = (name: string, daily: DayResult[], warmupDaily: DayResult[] = []): ContenderResult =>
  ({ name, daily, warmupDaily }) as unknown as ContenderResult;

const trace = (...contenders: ContenderResult[]): TraceResult => ({ contenders }) as unknown as TraceResult;

const question = { contender: 'autonomic', baseline: 'hpa', slowShare: 0.01 };

describe('the learning curve', () => {
  test('is the median over the traces that have the day', () => {
    const traces = [
      trace(life('autonomic', [day(3, 0.03), day(2, 0.01)])),
      trace(life('autonomic', [day(2, 0.01), day(1.5, 0.02), day(1.2, 0)])),
      trace(life('autonomic', [day(1, 0.02)])),
    ];
    expect(learningCurve(traces, question).days).toEqual([
      { day: 1, traces: 3, medianCostOverOracle: 2, medianBadRequestShare: 0.02 },
      { day: 2, traces: 2, medianCostOverOracle: 1.75, medianBadRequestShare: 0.015 },
      { day: 3, traces: 1, medianCostOverOracle: 1.2, medianBadRequestShare: 0 },
    ]);
  });

  test('begins with the warm-up', () => {
    const { days } = learningCurve([trace(life('autonomic', [day(1, 0)], [day(4, 0), day(3, 0)]))], question);
    expect(days.map(({ medianCostOverOracle }) => medianCostOverOracle)).toEqual([4, 3, 1]);
  });

  const harms: [string, DayResult, DayResult, { costlier: number; slower: number; worse: number }][] = [
    ['no harm when nothing differs', day(2, 0.02), day(2, 0.02), { costlier: 0, slower: 0, worse: 0 }],
    ['no harm within 5 % of the cost', day(2.1, 0), day(2, 0), { costlier: 0, slower: 0, worse: 0 }],
    ['a costlier day beyond', day(2.11, 0), day(2, 0), { costlier: 1, slower: 0, worse: 1 }],
    [
      'no harm when more requests are slow within the objective',
      day(1, 0.01),
      day(1, 0),
      { costlier: 0, slower: 0, worse: 0 },
    ],
    ['a slower day beyond the objective', day(1, 0.011), day(2, 0), { costlier: 0, slower: 1, worse: 1 }],
    [
      'no harm when the baseline missed it just as far',
      day(1, 0.05),
      day(1, 0.049),
      { costlier: 0, slower: 0, worse: 0 },
    ],
    ['one worse day when it is both', day(3, 0.05), day(2, 0), { costlier: 1, slower: 1, worse: 1 }],
  ];
  test.each(harms)('counts %s', (_, ours, theirs, expected) => {
    const { harm } = learningCurve([trace(life('autonomic', [ours]), life('hpa', [theirs]))], question);
    expect(harm).toEqual({ days: 1, ...expected });
  });

  test('counts harm over all days of all traces', () => {
    const traces = [
      trace(life('autonomic', [day(3, 0), day(1, 0)]), life('hpa', [day(2, 0), day(2, 0)])),
      trace(life('autonomic', [day(1, 0.04), day(1, 0)]), life('hpa', [day(2, 0)])),
    ];
    expect(learningCurve(traces, question).harm).toEqual({
      days: 3,
      costlier: 1 / 3,
      slower: 1 / 3,
      worse: 2 / 3,
    });
  });

  test('says nothing of harm without a baseline, and nothing at all without the contender', () => {
    expect(learningCurve([trace(life('autonomic', [day(1, 0)]))], question)).not.toHaveProperty('harm');
    expect(learningCurve([trace(life('hpa', [day(1, 0)]))], question)).toEqual({ days: [] });
  });
});
