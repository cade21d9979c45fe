import { fresh, silent, specFixture, stale } from '../../../test/support/loop-fixtures.ts';
import { objectiveTerms, objectiveViolated } from './objective.ts';
import type { Reading } from './reading.ts';
import type { RequestReport } from './requests.ts';

/** 99th percentile at most 300 ms, and at least 99 % of the answers good. */
const { objective } = specFixture({
  objective: {
    indicators: [
      { name: 'latency', query: 'p99', threshold: '300m' },
      { name: 'availability', query: 'good', comparison: 'AtLeast', threshold: '0.99' },
    ],
  },
});

describe('objectiveViolated', () => {
  test.each<readonly [string, readonly Reading[], boolean | undefined]>([
    ['all are within their thresholds', [fresh(0.2), fresh(0.999)], false],
    ['all are exactly on their thresholds', [fresh(0.3), fresh(0.99)], false],
    ['one is above', [fresh(0.31), fresh(0.999)], true],
    ['one is below', [fresh(0.2), fresh(0.98)], true],
    ['one is beyond, and of the other nothing is known', [silent(), fresh(0.98)], true],
    ['one is fine, and of the other nothing is known', [fresh(0.2), silent()], undefined],
    ['one is fine, and the other is stale', [fresh(0.2), stale(0.999)], undefined],
    ['one is fine, and the other was not asked for', [fresh(0.2)], undefined],
    ['nothing is known', [silent(), silent()], undefined],
    ['what is stale was violated', [stale(9), stale(0)], undefined],
    ['nothing was asked for', [], undefined],
  ])('when %s: %s', (_name, readings, violated) => {
    expect(objectiveViolated(objective, readings)).toBe(violated);
  });

  test.each<readonly [string, boolean | undefined, Partial<RequestReport>]>([
    ['more requests are bad than allowed', true, { badShare: 0.02 }],
    ['as many are bad as allowed', false, { badShare: 0.01 }],
    ['there are no requests', false, {}],
    ['good and bad are not known', undefined, { counters: undefined }],
  ])('about requests, when %s: %s', (_name, violated, change) => {
    const { objective: aboutRequests } = specFixture({ objective: { requests: { totalQuery: 'rate' } } });
    const report = {
      total: fresh(100),
      bad: fresh(1),
      lagSeconds: 15,
      counters: { requests: 1000, badRequests: 10 },
      badShare: undefined,
      ...change,
    };
    expect(objectiveViolated(aboutRequests, [], report)).toBe(violated);
  });

  test('is unknown without an objective', () => {
    expect(objectiveViolated(undefined, [fresh(9)])).toBeUndefined();
  });
});

describe('objectiveTerms', () => {
  const withTerms = (terms: object) =>
    specFixture({ objective: { indicators: [{ name: 'x', query: 'x', threshold: 1 }], ...terms } }).objective;

  test.each([
    ['99 % unless said otherwise', {}, 0.01, undefined],
    ['all of the time', { targetPercent: 100 }, 0, undefined],
    ['exactly a tenth, which doubles would make less', { targetPercent: 90 }, 0.1, undefined],
    ['with a price', { replicaHourPrice: '50m' }, 0.01, 0.05],
    ['with a price of nothing', { replicaHourPrice: 0 }, 0.01, 0],
  ])('promises %s', (_name, terms, allowedShare, replicaHourPrice) => {
    expect(objectiveTerms(withTerms(terms))).toEqual({ allowedShare, replicaHourPrice });
  });

  test('are not there without an objective', () => {
    expect(objectiveTerms(undefined)).toBeUndefined();
  });
});
