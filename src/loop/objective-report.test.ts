import { LoopDriver } from '../../test/support/loop-driver.ts';
import { fresh, HOUR, NOW, policyFixture } from '../../test/support/loop-fixtures.ts';
import type { StrainedBudget } from './plan/newsvendor/budget-outlook.ts';
import { storeInDays } from './analyze/peak/seven-days.ts';

const OBJECTIVE = {
  requests: {
    totalQuery: 'sum(rate(http_requests_total[30s]))',
    badQuery: 'sum(rate(http_requests_slow_total[30s]))',
    perReplica: '10',
  },
};
const DAY = 24 * HOUR;

/** A workload that remembers a week with a burst of 300 requests/s every six hours, and whose price is extreme since. */
function strained(since: number, spec: Readonly<Record<string, unknown>> = {}): LoopDriver {
  const policy = policyFixture({
    metrics: [],
    objective: OBJECTIVE,
    forecast: { startupSeconds: 180 },
    ...spec,
  });
  const loop = new LoopDriver(policy, 4);
  const { days } = loop.state.demands[0]!.forecaster;
  const first = NOW / 60_000 - 7 * 1440;
  if (days !== undefined) {
    for (let minute = first; minute < first + 7 * 1440; minute++) {
      storeInDays(days, 4 * minute, minute % 360 < 10 ? 300 : 20);
    }
  }
  const { pacing } = loop.state.requests!.newsvendor;
  pacing.debt = 5;
  pacing.strainedSince = since;
  return loop;
}

/** A tick with 20 requests per second, none of them bad; what is known of the strain after it. */
function look(loop: LoopDriver): StrainedBudget | undefined {
  const total = fresh(20, loop.now + 15_000);
  return loop.tick([], [], { total, bad: fresh(0), averagedSeconds: 30 }).objective?.strained;
}

describe('an objective that cannot be met at a sane cost', () => {
  test('comes with the standing replicas that the remembered week asks for', () => {
    const found = look(strained(NOW - 2 * DAY));
    expect(found?.since).toBe(NOW - 2 * DAY);
    expect(found?.floorReplicas).toBeGreaterThan(25);
    expect(found?.floorReplicas).toBeLessThan(40);
  });

  test('comes without advice where minutes are not remembered', () => {
    expect(look(strained(NOW - 2 * DAY, { forecast: { tier: 'Light' } }))).toMatchObject({
      floorReplicas: undefined,
      startupSeconds: undefined,
    });
  });

  test('is looked at once an hour', () => {
    const loop = strained(NOW - 2 * DAY);
    const first = look(loop);
    expect(look(loop)).toBe(first);
    loop.now += HOUR;
    const later = look(loop);
    expect(later).not.toBe(first);
    expect(later?.floorReplicas).toBe(first?.floorReplicas);
  });

  test('is looked at again after a clock that was an hour ahead stepped back', () => {
    const loop = strained(NOW - 2 * DAY);
    loop.now += HOUR;
    const first = look(loop);
    loop.now -= HOUR;
    expect(look(loop)).not.toBe(first);
  });

  test('is forgotten as soon as the price is no extreme one', () => {
    const loop = strained(NOW - 2 * DAY);
    expect(look(loop)).toBeDefined();
    Object.assign(loop.state.requests!.newsvendor.pacing, { strainedSince: NaN, debt: 0 });
    expect(look(loop)).toBeUndefined();
  });

  test.each([
    ['the price has been extreme for half a day', () => strained(NOW - DAY / 2)],
    [
      'nobody knows what a replica completes',
      () =>
        strained(NOW - 2 * DAY, {
          objective: { requests: { ...OBJECTIVE.requests, perReplica: undefined } },
        }),
    ],
  ])('is not said to be one while %s', (_, driver) => {
    expect(look(driver())).toBeUndefined();
  });
});

test('without an objective nothing is said of it', () => {
  expect(new LoopDriver(policyFixture(), 4).tick(200).objective).toBeUndefined();
});
