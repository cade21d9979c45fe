import {
  createNamespaceCosts,
  forgetMemberCost,
  observeMemberCost,
  surveyCosts,
  type NamespaceCosts,
} from './namespace-costs.ts';

const MINUTE = 60_000;
const DAY = 1440;
const START = 1000 * DAY * MINUTE;

/** Two workloads of a namespace and one of another, for so many minutes. */
function run(costs: NamespaceCosts, from: number, minutes: number, rates: Record<string, number>): number {
  for (let minute = from; minute < from + minutes; minute += 1) {
    const at = START + minute * MINUTE;
    for (const [uid, rate] of Object.entries(rates)) {
      const wobble = 1 + 0.02 * Math.sin(minute * 7);
      observeMemberCost(costs, { uid, namespace: uid.split('-')[0] ?? '', rate: rate * wobble, at });
    }
    surveyCosts(costs, at);
  }
  return from + minutes;
}

const USUAL = { 'shop-web': 4, 'shop-api': 2, 'mail-in': 1 };

describe('the cost of a namespace', () => {
  it('that triples is told of at its most expensive workload, until it is usual again', () => {
    const costs = createNamespaceCosts();
    const learned = run(costs, 0, 3 * DAY, USUAL);
    expect(costs.found.size).toBe(0);
    const high = run(costs, learned, 5, { ...USUAL, 'shop-api': 12 });
    expect([...costs.found.keys()]).toEqual(['shop-api']);
    expect(costs.found.get('shop-api')).toMatchObject({
      kind: 'Cost',
      message: expect.stringMatching(
        /^the workloads of shop cost 16(\.\d)? an hour where 6(\.\d+)? is usual, this one 1\d(\.\d)?$/,
      ) as string,
    });
    run(costs, high, 5, USUAL);
    expect(costs.found.size).toBe(0);
  });

  it('is not unusual on its first day, where no price is named, or of what is gone', () => {
    const costs = createNamespaceCosts();
    run(costs, 0, 600, USUAL);
    run(costs, 600, 5, { 'shop-web': 40 });
    expect(costs.found.size).toBe(0);
    const free = createNamespaceCosts();
    const learned = run(free, 0, 3 * DAY, { ...USUAL, 'mail-out': NaN });
    forgetMemberCost(free, 'shop-api');
    run(free, learned, 5, { 'shop-web': 4, 'mail-in': 1, 'mail-out': NaN });
    expect(free.found.size).toBe(0);
  });
});
