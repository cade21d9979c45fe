import { explorationObjections, mayTryCapacity, type ExplorationFacts } from './exploration.ts';

const CALM: ExplorationFacts = {
  acts: true,
  suspended: false,
  observationComplete: true,
  burning: undefined,
  badNow: undefined,
  budgetLeft: 1,
  openAnomalies: 0,
  rolloutInProgress: false,
  overridden: false,
  sinceRollbackMs: undefined,
  covered: true,
};

describe('something may be tried', () => {
  test('when nothing speaks against it', () => {
    expect(explorationObjections(CALM)).toEqual([]);
  });

  test.each<[string, Partial<ExplorationFacts>, string]>([
    ['nothing is written', { acts: false }, 'NotActing'],
    ['the policy is suspended', { suspended: true }, 'Suspended'],
    ['it still observes', { observationComplete: false }, 'Observing'],
    ['a budget is burning', { burning: '5 % of the last hour was bad' }, 'BudgetBurning'],
    ['the objective is violated', { badNow: 'an indicator is beyond its threshold' }, 'ObjectiveViolated'],
    ['nobody knows the budget', { budgetLeft: undefined }, 'ObjectiveUnknown'],
    ['an anomaly is open', { openAnomalies: 1 }, 'AnomalyOpen'],
    ['nobody knows about anomalies', { openAnomalies: NaN }, 'AnomalyOpen'],
    ['pods are being replaced', { rolloutInProgress: true }, 'RolloutInProgress'],
    ['somebody else has changed the replicas', { overridden: true }, 'Overridden'],
    ['a decrease was undone an hour ago', { sinceRollbackMs: 3_600_000 }, 'RecentRollback'],
    ['a decrease was undone in the future', { sinceRollbackMs: -5 }, 'RecentRollback'],
    ['demand is not measured everywhere', { covered: false }, 'DataIncomplete'],
  ])('but not while %s', (_, change, reason) => {
    expect(explorationObjections({ ...CALM, ...change }).map((one) => one.reason)).toEqual([reason]);
  });

  test('a day after a decrease was undone', () => {
    expect(explorationObjections({ ...CALM, sinceRollbackMs: 86_400_000 })).toEqual([]);
  });

  test('and every objection is told, in order', () => {
    const facts = { ...CALM, burning: 'much was bad', openAnomalies: 2, covered: false };
    expect(explorationObjections(facts)).toEqual([
      { reason: 'BudgetBurning', message: 'much was bad' },
      { reason: 'AnomalyOpen', message: '2 anomalies are open' },
      { reason: 'DataIncomplete', message: 'demand is not measured everywhere' },
    ]);
  });
});

test.each([
  ['as many replicas', 5, 5, 0.2, true],
  ['more', 6, 5, 0.2, true],
  ['fewer', 4, 5, 0.2, false],
  ['fewer with a full budget', 4, 5, 0.95, true],
  ['fewer with an unknown budget', 4, 5, undefined, false],
  ['an unknown number', NaN, 5, 1, false],
  ['any number where the champion’s is unknown', 4, NaN, 0.2, false],
])('an arm that wants %s', (...[, replicas, champion, budgetLeft, may]) => {
  expect(mayTryCapacity(replicas, champion, budgetLeft)).toBe(may);
});
