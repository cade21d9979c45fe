import { policyFixture } from '../../../test/support/loop-fixtures.ts';
import { createErrorBudget, observeBudget, turnBudgetBack, type BudgetFacts } from './error-budget.ts';
import type { RequestReport } from './requests.ts';

const START = Date.UTC(2026, 4, 4, 0, 0);
const TICK = 15_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const INDICATOR = { name: 'latency', query: 'x', threshold: '1' };
const timed = policyFixture({ objective: { targetPercent: 99, indicators: [INDICATOR] } }).spec.objective;
const paced = policyFixture({
  objective: { requests: { totalQuery: 'sum(x)', badQuery: 'sum(y)', goodPercent: '99' } },
}).spec.objective;

/** What is said after a time in which the indicator was violated between the given minutes. */
function timedAfter(minutes: number, from: number, to: number): BudgetFacts {
  const budget = createErrorBudget();
  let facts: BudgetFacts | undefined;
  for (let at = START; at <= START + minutes * MINUTE; at += TICK) {
    const minute = (at - START) / MINUTE;
    const violated = minute > from && minute <= to;
    facts = observeBudget(budget, at, { objective: timed, violated, requests: undefined });
  }
  if (facts === undefined) throw new Error('nothing was observed');
  return facts;
}

function requestsOf(total: number, badShare: number): RequestReport {
  const reading = (value: number) => ({ quality: 'Fresh', value, at: START }) as const;
  return {
    total: reading(total),
    bad: reading(total * badShare),
    lagSeconds: 0,
    counters: { requests: 1, badRequests: 0 },
    badShare,
  };
}

describe('a budget of time, one percent', () => {
  test.each([
    ['is not burning while all is well', 600, 0, 0, undefined],
    [
      'burns while it is spent faster than it lasts',
      60,
      58,
      60,
      '3.33 % of what was measured in the last 1 h was bad, allowed is 1 %',
    ],
    ['does not burn any more half an hour after the end', 100, 58, 60, undefined],
    [
      'burns on after a long time, for half an hour',
      380,
      340,
      360,
      '5.55 % of what was measured in the last 6 h was bad, allowed is 1 %',
    ],
    ['is forgotten then', 420, 340, 360, undefined],
  ])('%s', (...[, minutes, from, to, burning]) => {
    expect(timedAfter(minutes, from, to).burning).toBe(burning);
  });

  test('tells what is bad now, and nothing while nobody knows', () => {
    const budget = createErrorBudget();
    const seen = { objective: timed, requests: undefined };
    expect(observeBudget(budget, START, { ...seen, violated: true }).badNow).toMatch(/beyond its threshold/);
    expect(observeBudget(budget, START + TICK, { ...seen, violated: false }).badNow).toBeUndefined();
    const unknown = observeBudget(budget, START + 2 * TICK, { ...seen, violated: undefined });
    expect(unknown).toMatchObject({ badNow: undefined, badShare: 0 });
  });

  test('is not spent by a policy that promises nothing', () => {
    const facts = observeBudget(createErrorBudget(), START, {
      objective: undefined,
      violated: undefined,
      requests: undefined,
    });
    expect(facts).toEqual({ badNow: undefined, burning: undefined, badShare: undefined });
  });

  test('counts no more than a minute of a pause, and begins anew when the clock steps back', () => {
    const budget = createErrorBudget();
    const seen = { objective: timed, requests: undefined };
    observeBudget(budget, START, { ...seen, violated: false });
    observeBudget(budget, START + HOUR, { ...seen, violated: true });
    expect(budget.sums?.reduce((a, b) => a + b)).toBe(2 * 60);
    turnBudgetBack(budget, START);
    expect(budget).toEqual(createErrorBudget());
  });
});

describe('a budget of requests, one percent', () => {
  const pacedAfter = (share: number): BudgetFacts => {
    const budget = createErrorBudget();
    let facts: BudgetFacts | undefined;
    for (let i = 0; i <= 240; i += 1) {
      const requests = requestsOf(100, share);
      const violated = share > 0.01;
      facts = observeBudget(budget, START + i * TICK, { objective: paced, violated, requests });
    }
    if (facts === undefined) throw new Error('nothing was observed');
    return facts;
  };

  test('is spent on purpose, by the plan', () => {
    expect(pacedAfter(0.05)).toMatchObject({ badNow: undefined, burning: undefined });
  });

  test('burns when it goes as fast as people are paged for', () => {
    expect(pacedAfter(0.07).burning).toBe('7 % of what was measured in the last 6 h was bad, allowed is 1 %');
    expect(pacedAfter(0.2)).toMatchObject({
      badNow: '20 % of the requests are bad, allowed is 1 %',
      burning: '20 % of what was measured in the last 1 h was bad, allowed is 1 %',
    });
  });

  test('weighs by requests: a quiet hour of errors is not the whole day', () => {
    const budget = createErrorBudget();
    for (let i = 0; i < 960; i += 1) {
      const requests = i < 480 ? requestsOf(1000, 0) : requestsOf(1, 0.5);
      observeBudget(budget, START + i * TICK, { objective: paced, violated: false, requests });
    }
    const last = observeBudget(budget, START + 960 * TICK, {
      objective: paced,
      violated: false,
      requests: requestsOf(1000, 0),
    });
    expect(last.burning).toBeUndefined();
  });
});
