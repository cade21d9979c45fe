import { contextFixture, START, viewFixture } from '../../../test/support/scaler-fixtures.ts';
import { seededRandom } from '../random.ts';
import type { Scaler } from '../scaler.ts';
import { crane } from './crane.ts';

const MINUTE_MS = 60_000;
/** Decisions of 15 s. */
const DAY = 5760;

/** 50 requests per second, and 200 for an hour at noon; UTC. */
const load = (at: number): number => (Math.floor(at / (60 * MINUTE_MS)) % 24 === 12 ? 200 : 50);

/** Has seen the load up to that decision. */
function fed(until: number): Scaler {
  const scaler = crane.create(50, contextFixture({ random: seededRandom(1) }));
  for (let index = 0; index < until; index += 1) {
    // The newest measured minute begins a minute and a half ago.
    const demand = load(START + index * 15_000 - 90_000);
    scaler.decide(viewFixture({ index, ready: 10, demand }));
  }
  return scaler;
}

describe('Crane', () => {
  it.each([
    { name: 'is an HPA on requests while nothing is predicted: ceil(100 ÷ 5)', demand: 100, expected: 20 },
    { name: 'holds its replicas while requests are not measured', demand: undefined, expected: 12 },
  ])('$name', ({ demand, expected }) => {
    const scaler = crane.create(50, contextFixture());
    expect(scaler.decide(viewFixture({ ready: 12, ...(demand === undefined ? {} : { demand }) }))).toBe(
      expected,
    );
  });

  describe('on the third day', () => {
    /** The first decision is at nine. */
    const at = (hour: number): number => 2 * DAY + (hour - 9) * 240;

    it('scales by the load of now when noon is more than an hour away', () => {
      const scaler = fed(at(10.5));
      expect(scaler.decide(viewFixture({ index: at(10.5), ready: 10, demand: 50 }))).toBeLessThan(15);
      expect(scaler.explain?.()).toMatch(/^now 10, for the hour to come 1\d$/);
    });

    it('orders what noon is going to need in the hour before', () => {
      const scaler = fed(at(11.25));
      // 40 replicas and a margin, but no more than twice as many at once.
      expect(scaler.decide(viewFixture({ index: at(11.25), ready: 10, demand: 50 }))).toBe(20);
      expect(scaler.explain?.()).toMatch(/^now 10, for the hour to come 4\d$/);
    });

    it('may scale up by the prediction alone when requests are not measured, but not down', () => {
      const scaler = fed(at(11.25));
      expect(scaler.decide(viewFixture({ index: at(11.25), ready: 10 }))).toBe(20);
      const seen = Array.from({ length: 41 }, (_, i) =>
        scaler.decide(viewFixture({ index: at(14) + i, ready: 60 })),
      );
      expect(new Set(seen)).toEqual(new Set([60]));
    });

    it('forgets a daily rhythm that does not go on, half a day later at the latest', () => {
      const noise = seededRandom(2);
      const scaler = fed(at(11));
      for (let index = at(11); index < at(9 + 8 * 24); index += 1) {
        scaler.decide(viewFixture({ index, ready: 10, demand: 50 + 20 * noise() }));
      }
      scaler.decide(viewFixture({ index: at(9 + 8 * 24), ready: 10, demand: 50 }));
      expect(scaler.explain?.()).toBe('now 10, for the hour to come not predicted');
    });
  });
});
