import { fresh, silent, specFixture, stale } from '../../../test/support/loop-fixtures.ts';
import { badShareNow, objectiveMeasurement, type ServiceSignals } from './objective-measured.ts';
import type { Reading } from './reading.ts';
import type { RequestReport } from './requests.ts';

const requests = { totalQuery: 'sum(rate(requests_total[30s]))', badQuery: 'sum(rate(bad_total[30s]))' };
const indicators = [{ name: 'latency', query: 'latency', threshold: '300m' }];

function report(total: Reading, bad: Reading | undefined): RequestReport {
  return { total, bad, lagSeconds: 15, counters: undefined, badShare: undefined };
}

const none: ServiceSignals = {
  requests: undefined,
  indicators: [],
  throttledShare: undefined,
  capacityKnown: false,
};

const measured = (objective: object | undefined, signals: Partial<ServiceSignals>) =>
  objectiveMeasurement(specFixture(objective === undefined ? {} : { objective }).objective, {
    ...none,
    ...signals,
  });

describe('the measurement of an objective', () => {
  test('is nothing to ask for without an objective', () => {
    expect(measured(undefined, {})).toBeUndefined();
  });

  test('is there while bad requests are counted', () => {
    expect(measured({ requests }, { requests: report(fresh(100), fresh(0)) })).toMatchObject({
      measured: true,
    });
  });

  const { totalQuery } = requests;
  test.each<[string, object, RequestReport | undefined, string, RegExp]>([
    ['the policy asks for none', { indicators }, undefined, 'NoRequests', /no spec\.objective\.requests/],
    [
      'it has no query for them',
      { requests: { totalQuery } },
      report(fresh(9), undefined),
      'NoQuery',
      /no badQuery/,
    ],
    [
      'the query gives nothing',
      { requests },
      report(fresh(9), silent()),
      'NotFresh',
      /badQuery is missing \(the query/,
    ],
    [
      'its answer is old',
      { requests },
      report(fresh(9), stale(1)),
      'NotFresh',
      /badQuery is stale since 2026/,
    ],
    [
      'their total is not known',
      { requests },
      report(silent(), fresh(1)),
      'NotFresh',
      /totalQuery is missing/,
    ],
    ['nothing was asked yet', { requests }, undefined, 'NotFresh', /totalQuery was not measured yet/],
  ])('is missing when %s', (...[, objective, requestsNow, reason, message]) => {
    const result = measured(objective, { requests: requestsNow });
    expect(result).toMatchObject({ measured: false, reason, substitute: undefined });
    expect(result?.message).toMatch(message);
    expect(result?.message).toMatch(/nothing else tells/);
  });

  const everything: Partial<ServiceSignals> = {
    requests: report(fresh(100), silent()),
    indicators: [silent(), fresh(0.2)],
    throttledShare: fresh(0),
    capacityKnown: true,
  };
  test.each<[string, Partial<ServiceSignals>, string | undefined, RegExp]>([
    ['the indicators', {}, 'Indicators', /indicators of the objective/],
    ['throttling', { indicators: [stale(1)] }, 'Throttling', /CPU limits hold/],
    ['the model of a queue', { indicators: [], throttledShare: silent() }, 'QueueModel', /as of a queue/],
    [
      'nothing where no capacity is known',
      { indicators: [], throttledShare: undefined, capacityKnown: false },
      undefined,
      /nothing else tells/,
    ],
  ])('is replaced by %s', (_name, change, substitute, message) => {
    const result = measured({ requests, indicators }, { ...everything, ...change });
    expect(result).toMatchObject({ measured: false, reason: 'NotFresh', substitute });
    expect(result?.message).toMatch(message);
  });
});

describe('the bad share of a moment', () => {
  const counted = { ...report(fresh(100), fresh(3)), badShare: 0.03 };
  test.each<[string, Partial<ServiceSignals>, number | undefined]>([
    ['is that of the requests where they are counted', { requests: counted, indicators: [fresh(9)] }, 0.03],
    ['is everything while an indicator is beyond its threshold', { indicators: [fresh(0.4)] }, 1],
    ['is nothing while all are within theirs', { indicators: [fresh(0.2)], throttledShare: fresh(1) }, 0],
    ['is everything while the pods are held back', { indicators: [silent()], throttledShare: fresh(0.4) }, 1],
    [
      'is nothing while they are held back a little',
      { indicators: [silent()], throttledShare: fresh(0.2) },
      0,
    ],
    [
      'is unknown where nothing is fresh',
      { indicators: [stale(0.2)], throttledShare: stale(0.9) },
      undefined,
    ],
    ['is unknown where nothing is measured', {}, undefined],
  ])('%s', (_name, signals, expected) => {
    const { objective } = specFixture({ objective: { requests, indicators } });
    expect(badShareNow(objective, { ...none, ...signals })).toBe(expected);
  });

  test('is told by throttling without an objective', () => {
    expect(badShareNow(undefined, { ...none, throttledShare: fresh(0.9) })).toBe(1);
  });
});
