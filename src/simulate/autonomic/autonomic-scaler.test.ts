import { contextFixture, viewFixture } from '../../../test/support/scaler-fixtures.ts';
import { policySpecSchema } from '../../api/policy-spec.ts';
import { autonomic, autonomicScrape, autonomicTarget, policyContender } from './autonomic.ts';

const TEN = 10;

/** 80 % of the ten requests per second that a replica serves. */
const KNOB = 80;

function cpuSpec(averageUtilization: number) {
  return policySpecSchema.parse({
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    metrics: [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } },
    ],
    horizontal: { minReplicas: 2, maxReplicas: 40 },
  });
}

describe('autonomic with a target only', () => {
  const context = contextFixture();

  test.each([
    ['asks for what the demand as measured needs', 160, 10, 20],
    ['stays where the demand is within the tolerance', 84, 10, 10],
  ])('%s', (_name, demand, ready, wanted) => {
    const scaler = autonomicTarget.create(KNOB, context);
    expect(scaler.decide(viewFixture({ ready, demand }))).toBe(wanted);
  });

  test('lowers nothing before five minutes of lower demand', () => {
    const scaler = autonomicTarget.create(KNOB, context);
    const wishes = Array.from({ length: 25 }, (_, index) =>
      scaler.decide(viewFixture({ index, ready: 20, demand: 80 })),
    );
    expect(wishes.slice(0, 20)).toEqual(Array(20).fill(20));
    expect(wishes.slice(20)).toContain(10);
  });

  test('holds while nothing is measured', () => {
    const scaler = autonomicTarget.create(KNOB, context);
    scaler.decide(viewFixture({ ready: 10, demand: 80 }));
    const dark = Array.from({ length: 60 }, (_, i) =>
      scaler.decide(viewFixture({ index: i + 1, ready: 10 })),
    );
    expect(new Set(dark)).toEqual(new Set([10]));
  });

  test('asks again, later, for what the API server refused', () => {
    const scaler = autonomicTarget.create(KNOB, context);
    const sight = { ready: 10, demand: 160 };
    expect(scaler.decide(viewFixture(sight))).toBe(20);
    scaler.refused?.(viewFixture(sight));
    const next = Array.from({ length: 8 }, (_, i) => scaler.decide(viewFixture({ ...sight, index: i + 1 })));
    expect(next).toContain(20);
  });

  test('says why', () => {
    const scaler = autonomicTarget.create(KNOB, context);
    scaler.decide(viewFixture({ ready: 10, demand: 160 }));
    expect(scaler.explain?.()).toMatch(/^Up from 10 to 20: requests-per-second asks for ceil\(160 ÷ 8\)/);
  });

  test.each([
    ['its own metric and target', 70, 14],
    ['at most twice its replicas in one step', 10, 20],
  ])('plays an existing policy, with %s', (_name, percent, wanted) => {
    const scaler = policyContender(cpuSpec(percent)).create(1, context);
    const wishes = Array.from({ length: 4 }, (_, index) =>
      scaler.decide(viewFixture({ index, ready: TEN, cpu: 9.5 })),
    );
    expect(Math.max(...wishes)).toBe(wanted);
  });
});

describe('autonomic about requests', () => {
  const context = contextFixture();

  /** A view whose counters grew by so many requests per second, and so many bad ones, for each of its decisions. */
  const seen = (index: number, replicas: number, demand: number, bad = 0) =>
    viewFixture({
      index,
      ready: replicas,
      demand,
      requests: 15 * demand * index,
      slowRequests: 15 * bad * index,
    });

  test('orders at least what serves the requests just measured', () => {
    const scaler = autonomic.create(1, context);
    scaler.decide(seen(0, 10, 160));
    // 160 requests/s of 10 each: 16 replicas would be busy all the time.
    expect(scaler.decide(seen(1, 10, 160))).toBeGreaterThanOrEqual(17);
    expect(scaler.explain?.()).toMatch(
      /^Up from 10 to \d+: objective\.requests asks for \d+: the fewest that serve 160 requests\/s/,
    );
  });

  test('holds while nothing is measured', () => {
    const scaler = autonomic.create(1, context);
    scaler.decide(seen(0, 10, 60));
    scaler.decide(seen(1, 10, 60));
    const dark = Array.from({ length: 60 }, (_, i) =>
      scaler.decide(viewFixture({ index: i + 2, ready: 10 })),
    );
    expect(new Set(dark)).toEqual(new Set([10]));
  });

  test('that reads its pods sees a rise before Prometheus does', () => {
    const rise = { requests: 15 * 60 + 15 * 160, slowRequests: 0 };
    const [scraping, waiting] = [autonomicScrape, autonomic].map((contender) => contender.create(1, context));
    const wishes = [scraping!, waiting!].map((scaler) => {
      scaler.decide(seen(0, 10, 60));
      scaler.decide({ ...seen(1, 10, 60) });
      return scaler.decide(
        viewFixture({ index: 2, ready: 10, demand: 60, requests: 2 * 15 * 60, scraped: rise }),
      );
    });
    expect(wishes[0]).toBeGreaterThanOrEqual(17);
    expect(wishes[1]).toBeLessThanOrEqual(10);
  });
});
