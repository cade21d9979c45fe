import { missing, type Reading } from './reading.ts';
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
