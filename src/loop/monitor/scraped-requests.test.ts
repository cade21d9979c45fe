import fc from 'fast-check';
import { policyFixture } from '../../../test/support/loop-fixtures.ts';
import { missing, type Reading } from './reading.ts';
import { createRequestMeter, observeRequests } from './requests.ts';
import { withScraped, type ScrapedRequests } from './scraped-requests.ts';

const NOW = Date.UTC(2026, 4, 4, 9);
const ago = (seconds: number): number => NOW - 1000 * seconds;
const fresh = (value: number, seconds: number): Reading => ({ quality: 'Fresh', value, at: ago(seconds) });

const QUERIED = { total: fresh(400, 30), bad: fresh(4, 30), averagedSeconds: 30 };

const SILENT = missing('QueryFailed', 'x');

function scraped(seconds: number, change: Partial<ScrapedRequests> = {}): ScrapedRequests {
  return {
    newest: { at: ago(seconds), averagedSeconds: 15, total: 500, bad: 5 },
    current: seconds === 0,
    ready: 4,
    answered: 4,
    ...change,
  };
}

describe('requests of which pods and Prometheus tell', () => {
  test('are the pods’ own when the last round has them', () => {
    expect(withScraped(QUERIED, scraped(0), NOW)).toEqual({
      total: fresh(500, 0),
      bad: fresh(5, 0),
      averagedSeconds: 15,
      scrape: { source: 'Pods', ready: 4, answered: 4 },
    });
  });

  test.each<[string, ScrapedRequests, Reading, 'Pods' | 'Prometheus']>([
    ['the pods’ own of a round ago: Prometheus’ are older', scraped(15), fresh(400, 30), 'Pods'],
    ['Prometheus’ as soon as they are newer', scraped(45), fresh(400, 30), 'Prometheus'],
    ['the pods’ own where the clock of Prometheus is ahead', scraped(0), fresh(400, -5), 'Pods'],
    ['the pods’ own for 90 s when Prometheus is silent', scraped(90), SILENT, 'Pods'],
    ['nobody’s after that', scraped(91), SILENT, 'Prometheus'],
    ['Prometheus’ before the first round', scraped(15, { newest: undefined }), fresh(400, 30), 'Prometheus'],
  ])('are %s', (_name, given, total, source) => {
    const chosen = withScraped({ ...QUERIED, total }, given, NOW);
    const own = source === 'Pods' ? given.newest : undefined;
    expect(chosen.scrape?.source).toBe(source);
    expect(chosen.total).toEqual(own ? { quality: 'Fresh', value: 500, at: own.at } : total);
    expect(chosen.bad).toEqual(own ? { quality: 'Fresh', value: 5, at: own.at } : QUERIED.bad);
    expect(chosen.averagedSeconds).toBe(own ? 15 : 30);
  });

  test('are half the pods’ own where these do not tell good from bad', () => {
    const newest = { at: NOW, averagedSeconds: 15, total: 500, bad: undefined };
    expect(withScraped(QUERIED, scraped(0, { newest }), NOW)).toMatchObject({
      total: { value: 500 },
      bad: { value: 4 },
    });
  });

  test('have no bad ones where the policy has no query for them', () => {
    const { bad, ...total } = QUERIED;
    expect(withScraped(total, scraped(0), NOW)).not.toHaveProperty('bad');
    expect(bad).toBeDefined();
  });

  test('are Prometheus’ while pods were never read, and that is said', () => {
    expect(withScraped(QUERIED, undefined, NOW)).toEqual({
      ...QUERIED,
      scrape: { source: 'Prometheus', ready: 0, answered: 0 },
    });
  });

  test('come with what is wrong', () => {
    const failure = { rounds: 3, message: 'x' };
    expect(withScraped(QUERIED, scraped(60, { failure }), NOW).scrape?.failure).toEqual(failure);
  });
});

test('whoever tells, and however late, no time is counted twice and none up to the newest reading is left out', () => {
  const objective = policyFixture({
    metrics: [],
    objective: {
      requests: { totalQuery: 'all', badQuery: 'bad', scrape: { port: 1, total: 'x', bad: 'y' } },
    },
  }).spec.objective!.requests!;
  const ticks = fc.array(
    // Whether pods answer, and how old Prometheus' answer is, seconds; beyond 90 s it is none.
    fc.record({ answered: fc.boolean(), age: fc.integer({ min: 0, max: 120 }) }),
    { minLength: 1, maxLength: 60 },
  );
  fc.assert(
    fc.property(ticks, (list) => {
      const meter = createRequestMeter();
      let newest: ScrapedRequests['newest'];
      let first = NaN;
      let gap = false;
      for (const [i, { answered, age }] of list.entries()) {
        const now = NOW + 15_000 * i;
        if (answered) newest = { at: now, averagedSeconds: 15, total: 100, bad: 1 };
        const by = (value: number): Reading =>
          age > 90 ? SILENT : { quality: 'Fresh', value, at: now - 1000 * age };
        const seen = withScraped(
          { total: by(100), bad: by(1), averagedSeconds: 30 },
          { newest, current: answered, ready: 1, answered: Number(answered) },
          now,
        );
        const before = meter.at;
        observeRequests(meter, objective, seen, now);
        if (Number.isNaN(first)) first = meter.at;
        gap ||= meter.at - before > 60_000;
        expect(meter.at >= before || Number.isNaN(before)).toBe(true);
      }
      const seconds = Number.isNaN(first) ? 0 : (meter.at - first) / 1000;
      if (gap) expect(meter.requests).toBeLessThan(100 * seconds);
      else expect(meter.requests).toBeCloseTo(100 * seconds, 6);
    }),
  );
});
