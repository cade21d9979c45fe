import fc from 'fast-check';
import { policySpecSchema } from '../../api/policy-spec.ts';
import type { RequestObservation } from './observation.ts';
import { missing, type Reading } from './reading.ts';
import {
  allowedBadShare,
  createRequestMeter,
  observeRequests as observeAt,
  requestsKey,
  type RequestMeter,
  type RequestObjective,
  type RequestReport,
} from './requests.ts';

const TOTAL = 'sum(rate(http_requests_total[30s]))';
const BAD = 'sum(rate(http_requests_total{code=~"5.."}[30s]))';

function objective(change: object = { badQuery: BAD }): RequestObjective {
  const spec = policySpecSchema.parse({
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    horizontal: { maxReplicas: 9 },
    objective: { requests: { totalQuery: TOTAL, ...change } },
  });
  return spec.objective!.requests!;
}

const at = (seconds: number, value: number): Reading => ({ quality: 'Fresh', value, at: 1000 * seconds });

/** Looks at the moment of the sample. */
function observeRequests(
  meter: RequestMeter,
  wanted: RequestObjective,
  observation: RequestObservation | undefined,
  now = observation?.total.quality === 'Fresh' ? observation.total.at : 15_000,
): RequestReport {
  return observeAt(meter, wanted, observation, now);
}

function seen(seconds: number, total: number, bad: number) {
  return { total: at(seconds, total), bad: at(seconds, bad), averagedSeconds: 30 };
}

describe('the share of requests that may be bad', () => {
  test.each([
    ['99', 0.01],
    ['99.9', 0.001],
    ['99500m', 0.005],
  ])('is what %s %% good leave', (goodPercent, share) => {
    expect(allowedBadShare(objective({ goodPercent }))).toBeCloseTo(share, 12);
  });
});

describe('the meter of requests', () => {
  test('runs on by the rates and the time between their samples', () => {
    const meter = createRequestMeter();
    observeRequests(meter, objective(), seen(0, 100, 1));
    observeRequests(meter, objective(), seen(15, 100, 1));
    const report = observeRequests(meter, objective(), seen(30, 200, 5));
    expect(report.counters).toEqual({ requests: 1500 + 3000, badRequests: 15 + 75 });
    expect(report.badShare).toBe(0.025);
    expect(report.lagSeconds).toBe(15);
  });

  test('counts one sample once', () => {
    const meter = createRequestMeter();
    observeRequests(meter, objective(), seen(0, 100, 1));
    for (let i = 0; i < 3; i++) observeRequests(meter, objective(), seen(15, 100, 1));
    expect(meter.requests).toBe(1500);
  });

  test('counts a minute of a longer gap: the rest of it was never measured', () => {
    const meter = createRequestMeter();
    observeRequests(meter, objective(), seen(0, 100, 1));
    observeRequests(meter, objective(), seen(86_400, 100, 1));
    expect(meter.requests).toBe(6000);
  });

  test('goes on after a clock that stepped back an hour', () => {
    const meter = createRequestMeter();
    observeRequests(meter, objective(), seen(7200, 100, 1));
    observeRequests(meter, objective(), seen(3600, 100, 1));
    observeRequests(meter, objective(), seen(3615, 100, 1));
    expect(meter.requests).toBe(1500);
  });

  test('counts no time twice when the pods’ own rates give way to older ones of Prometheus, and again to their own', () => {
    const meter = createRequestMeter();
    // Rates by pods up to 60 s; by Prometheus from then on, 75 s late at first; by pods again.
    const told = [0, 15, 30, 45, 60, [75, 0], [90, 30], [105, 60], [120, 90], [135, 105], 150, 165];
    for (const each of told) {
      const [now = 0, time = now] = [each].flat();
      observeRequests(meter, objective(), seen(time, 100, 1), 1000 * now);
    }
    expect(meter).toEqual({ requests: 16_500, badRequests: 165, at: 165_000 });
  });

  test.each([
    ['all requests are unknown', { total: missing('NoData', 'x'), bad: at(15, 1), averagedSeconds: 30 }],
    ['bad requests are unknown', { total: at(15, 9), bad: missing('NoData', 'x'), averagedSeconds: 30 }],
    ['nothing was asked', undefined],
  ])('stands still while %s, and says so', (_what, observation) => {
    const meter = createRequestMeter();
    observeRequests(meter, objective(), seen(0, 100, 1));
    const report = observeRequests(meter, objective(), observation);
    expect(report.counters).toBeUndefined();
    expect(report.badShare).toBeUndefined();
    expect(meter.requests).toBe(0);
  });

  test('has no share of bad ones while there are no requests', () => {
    const report = observeRequests(createRequestMeter(), objective(), seen(0, 0, 0));
    expect(report.badShare).toBeUndefined();
    expect(report.counters).toEqual({ requests: 0, badRequests: 0 });
  });

  test('knows no counters without a query for the bad ones', () => {
    const report = observeRequests(createRequestMeter(), objective({}), {
      total: at(0, 9),
      averagedSeconds: 30,
    });
    expect(report).toMatchObject({ bad: undefined, counters: undefined, total: { value: 9 } });
  });

  test('never runs backwards and never has more bad requests than requests', () => {
    const rate = fc.double({ min: 0, max: 1e6, noNaN: true });
    const samples = fc.array(fc.tuple(fc.integer({ min: -500, max: 500 }), rate, rate), { maxLength: 40 });
    fc.assert(
      fc.property(samples, (list) => {
        const meter = createRequestMeter();
        for (const [time, total, bad] of list) {
          const before = { ...meter };
          observeRequests(meter, objective(), seen(time, total, bad));
          expect(meter.requests).toBeGreaterThanOrEqual(before.requests);
          expect(meter.badRequests).toBeGreaterThanOrEqual(before.badRequests);
          expect(meter.badRequests).toBeLessThanOrEqual(meter.requests);
        }
      }),
    );
  });
});

test('another query is another demand; another threshold is not', () => {
  expect(requestsKey(objective({ latencyThreshold: '1' }))).toBe(requestsKey(objective()));
  expect(requestsKey(objective({ totalQuery: BAD }))).not.toBe(requestsKey(objective()));
});
