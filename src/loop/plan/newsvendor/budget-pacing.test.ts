import { createBudgetPacing, paceBudget, priceOf, type BudgetPacing } from './budget-pacing.ts';

const HALF_DAY = 2880;
const V = 0.01;
const START = Date.UTC(2025, 0, 6);

/** 15 s after the last reading. */
const next = ({ readAt }: BudgetPacing): number => (Number.isNaN(readAt) ? START : readAt + 15_000);

/** So many decisions with `perDecision` requests each, of which the share is slow. */
function run(decisions: number, perDecision: number, share: number): BudgetPacing {
  const pacing = createBudgetPacing();
  go(pacing, decisions, perDecision, share);
  return pacing;
}

function go(pacing: BudgetPacing, decisions: number, perDecision: number, share: number): void {
  let requests = Number.isNaN(pacing.requests) ? 0 : pacing.requests;
  let slowRequests = Number.isNaN(pacing.slowRequests) ? 0 : pacing.slowRequests;
  for (let i = 0; i < decisions; i++) {
    requests += perDecision;
    slowRequests += perDecision * share;
    paceBudget(pacing, next(pacing), { requests, slowRequests }, V);
  }
}

describe('the pacing of the budget', () => {
  test('counts nothing in the first half day', () => {
    const pacing = run(HALF_DAY, 100, 0.5);
    expect(pacing.debt).toBe(0);
    go(pacing, 1, 100, 0.5);
    expect(pacing.debt).toBeGreaterThan(0);
    pacing.debt = 0;
    expect(priceOf(pacing)).toEqual({ penalty: 15, margin: 1, pressure: 0 });
  });

  test('after it, a day with twice the objective costs 1.1 days of budget', () => {
    const pacing = run(HALF_DAY, 100, 0);
    go(pacing, 2880, 100, 2 * V);
    // (2 − 0.9) · V* over half a day.
    expect(pacing.debt).toBeCloseTo(0.55, 9);
    expect(pacing.meanRate).toBeCloseTo(100 / 15, 9);
    expect(priceOf(pacing).penalty).toBeCloseTo(15 * Math.exp(0.55), 6);
    expect(priceOf(pacing).margin).toBe(1);
  });

  test('a day without a slow request gives 0.9 days back', () => {
    const pacing = run(HALF_DAY, 100, 0);
    go(pacing, 5760, 100, 0);
    expect(pacing.debt).toBeCloseTo(-0.9, 9);
    expect(priceOf(pacing).pressure).toBeCloseTo(-0.9, 9);
  });

  test('stays within its ends and comes back from them at once', () => {
    const pacing = run(HALF_DAY, 100, 0);
    go(pacing, 5760, 100, 0.5);
    expect(priceOf(pacing)).toEqual({ penalty: 15 * Math.exp(6), margin: 1.45, pressure: 6 });
    go(pacing, 576, 100, 0);
    expect(pacing.debt).toBeCloseTo(6 - 0.09, 9);
    go(pacing, 10 * 5760, 100, 0);
    expect(priceOf(pacing).pressure).toBe(-3);
    expect(priceOf(pacing).penalty).toBeCloseTo(0.7468, 4);
  });

  test('a day with five times the requests does not swell the debts of the days after it', () => {
    const pacing = run(6 * 5760, 100, 0.9 * V);
    go(pacing, 5760, 500, 0.9 * V);
    const before = pacing.debt;
    go(pacing, 1440, 100, 2 * V);
    // A quarter of a day at 1.1 V* too much, in days of the week's mean: 11/7 of an ordinary day.
    expect(pacing.debt - before).toBeCloseTo((0.275 * 7) / 11, 1);
  });

  test('knows since when the price has been extreme', () => {
    const pacing = run(HALF_DAY, 100, 0);
    expect(pacing.strainedSince).toBeNaN();
    go(pacing, 5760, 100, 0.05);
    const since = pacing.strainedSince;
    expect(since).toBeGreaterThan(START + HALF_DAY * 15_000);
    expect(since).toBeLessThan(pacing.readAt);
    go(pacing, 1000, 100, 0.05);
    expect(pacing.strainedSince).toBe(since);
    go(pacing, 5 * 5760, 100, 0);
    expect(pacing.strainedSince).toBeNaN();
  });

  test('a debt of a day of requests is the same whatever their number', () => {
    const [few, many] = [1, 1e6].map((rate) => {
      const pacing = run(HALF_DAY, rate, 0);
      go(pacing, 1000, rate, 3 * V);
      return pacing.debt;
    });
    expect(few).toBeCloseTo(many!, 9);
  });

  test('a reading after a time without any brings what was missed', () => {
    const pacing = run(HALF_DAY, 100, 0);
    const { requests, slowRequests } = pacing;
    const before = pacing.debt;
    const missed = { requests: requests + 10_000, slowRequests: slowRequests + 200 };
    paceBudget(pacing, pacing.readAt + 100 * 15_000, missed, V);
    expect(pacing.debt - before).toBeCloseTo((200 - 90) / (V * 100 * 5760), 9);
    expect(pacing.meanRate).toBeCloseTo(100 / 15, 9);
  });

  test('the same requests make the same debt at any distance of the readings', () => {
    const debts = [1, 4, 20].map((step) => {
      const pacing = createBudgetPacing();
      for (let i = 0; i <= 2 * 5760; i += step) {
        paceBudget(pacing, START + i * 15_000, { requests: 100 * i, slowRequests: 2 * i }, V);
      }
      return pacing.debt;
    });
    for (const debt of debts) expect(debt).toBeCloseTo(1.08 * 1.5, 1);
    expect(debts[1]).toBeCloseTo(debts[0]!, 2);
  });

  test.each([
    ['stands still', 0],
    ['runs backwards', -3_600_000],
    ['is no number', NaN],
  ])('a reading whose clock %s is a new beginning', (_what, shift) => {
    const pacing = run(HALF_DAY + 100, 100, V);
    const { debt: before, requests, slowRequests, readAt } = pacing;
    paceBudget(pacing, readAt + shift, { requests: requests + 100, slowRequests: slowRequests + 100 }, V);
    expect(pacing.debt).toBe(before);
  });

  test('counters that began anew are a new beginning and no debt', () => {
    const pacing = run(HALF_DAY + 100, 100, V);
    const before = pacing.debt;
    paceBudget(pacing, next(pacing), { requests: 50, slowRequests: 50 }, V);
    expect(pacing.debt).toBe(before);
    paceBudget(pacing, next(pacing), { requests: 150, slowRequests: 150 }, V);
    expect(pacing.debt).toBeGreaterThan(before);
  });

  test('an infinite reading in between is left out', () => {
    const pacing = run(HALF_DAY + 100, 100, V);
    const before = pacing.debt;
    paceBudget(pacing, next(pacing), { requests: Infinity, slowRequests: Infinity }, V);
    expect(pacing.debt).toBe(before);
    expect(pacing.meanRate).toBeCloseTo(100 / 15, 9);
  });

  test.each([
    ['no requests', { requests: 0, slowRequests: 0 }],
    ['no numbers', { requests: NaN, slowRequests: NaN }],
    ['an infinite number', { requests: Infinity, slowRequests: Infinity }],
  ])('%s leave the price as it is', (_what, counters) => {
    const pacing = createBudgetPacing();
    for (let i = 0; i < HALF_DAY + 10; i++) paceBudget(pacing, next(pacing), counters, V);
    expect(priceOf(pacing)).toEqual({ penalty: 15, margin: 1, pressure: 0 });
  });
});
