import { budgetOutlook, type OutlookInput } from './budget-outlook.ts';
import { createBudgetPacing, type BudgetPacing } from './budget-pacing.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2025, 0, 20);

/** Calm at 20 requests/s with a burst of `burst` requests/s for ten minutes every six hours, for a week. */
const bursts = (burst: number): Float64Array =>
  Float64Array.from({ length: 7 * 1440 }, (_, minute) => (minute % 360 < 10 ? burst : 20));

const input = (minutes: ArrayLike<number>): OutlookInput => ({
  now: NOW,
  service: { requestsPerSecond: 10, concurrency: 1, waitSeconds: 0.3 },
  slowShare: 0.01,
  minutes,
  startupSeconds: 180,
  lagSeconds: 30,
});

const strained = (days: number): BudgetPacing => ({
  ...createBudgetPacing(),
  debt: 5,
  strainedSince: NOW - days * DAY_MS,
});

describe('the outlook of a budget', () => {
  test.each([
    ['never has been', createBudgetPacing()],
    ['has been for less than a day', strained(0.9)],
  ])('says nothing of a price that %s extreme', (_what, pacing) => {
    expect(budgetOutlook(pacing, input(bursts(300)))).toBeUndefined();
  });

  test('names the floor that would have served a burst out of calm, which no start-up time does', () => {
    const outlook = budgetOutlook(strained(2), input(bursts(300)));
    expect(outlook).toMatchObject({ since: NOW - 2 * DAY_MS, startupSeconds: undefined });
    expect(outlook!.priceFactor).toBeCloseTo(Math.exp(5), 6);
    // Bursts are a third of the requests: nearly all of the floor must serve 300 requests/s.
    expect(outlook!.floorReplicas).toBeGreaterThan(31);
    expect(outlook!.floorReplicas).toBeLessThan(40);
  });

  test('names the start-up time with which a load that climbs within minutes would be followed', () => {
    // Four times as much within eight minutes, and back.
    const climbs = Float64Array.from(
      { length: 7 * 1440 },
      (_, minute) => 50 * (1 + 3 * Math.abs(((minute % 16) - 8) / 8)),
    );
    const { startupSeconds } = budgetOutlook(strained(2), input(climbs))!;
    expect(startupSeconds).toBeLessThan(180);
    expect(startupSeconds).toBeGreaterThanOrEqual(20);
  });

  test.each([
    ['no history', []],
    ['a history of which nothing is known', [NaN, NaN]],
  ])('without a floor or a start-up time from %s', (_what, minutes) => {
    const outlook = budgetOutlook(strained(2), input(minutes));
    expect(outlook).toMatchObject({ floorReplicas: undefined, startupSeconds: undefined });
  });

  test('unknown minutes are left out', () => {
    const minutes = bursts(300).map((rate, minute) => (minute % 3 === 1 ? NaN : rate));
    const whole = budgetOutlook(strained(2), input(bursts(300)))!.floorReplicas!;
    expect(Math.abs(budgetOutlook(strained(2), input(minutes))!.floorReplicas! - whole)).toBeLessThanOrEqual(
      1,
    );
  });
});
