import {
  fresh,
  NOW,
  observationFixture,
  podsFixture,
  SECOND,
  targetFixture,
  total,
  usage,
} from '../../../test/support/loop-fixtures.ts';
import { plausibleReadings } from './plausible-readings.ts';
import type { Reading } from './reading.ts';

const target = targetFixture(3);
const raw = (value: number, at = NOW): Reading => ({ quality: 'Fresh', value, at });

describe('a reading', () => {
  test.each<readonly [string, Reading, string]>([
    ['that is a number stays', raw(3), 'Fresh'],
    ['that is zero stays', raw(0), 'Fresh'],
    ['that is huge stays: overload must lead to more', raw(1e308), 'Fresh'],
    ['a little ahead of our clock stays', raw(3, NOW + 30 * SECOND), 'Fresh'],
    ['far ahead of it is missing', raw(3, NOW + 31 * SECOND), 'ClockSkew'],
    ['that is NaN is missing', raw(NaN), 'NotANumber'],
    ['that is infinite is missing', raw(Infinity), 'NotANumber'],
    ['that is negative is missing', raw(-0.1), 'NotANumber'],
    ['without a time is missing', raw(3, NaN), 'NoData'],
  ])('%s', (_name, reading, expected) => {
    const { metrics, requests } = plausibleReadings(
      observationFixture(target, [total(reading)], {
        requests: { total: reading, bad: reading, averagedSeconds: 30 },
      }),
    );
    const what = (one: Reading | undefined) => (one?.quality === 'Missing' ? one.reason : one?.quality);
    const [metric] = metrics;
    expect(metric?.type === 'Prometheus' ? what(metric.total) : undefined).toBe(expected);
    expect([what(requests?.total), what(requests?.bad)]).toEqual([expected, expected]);
  });

  test('of one pod does not concern the others', () => {
    const pods = podsFixture(3);
    const metric = usage(pods, fresh(1));
    if (metric.type !== 'Resource') throw new Error('not a resource');
    const [first, ...rest] = metric.usage;
    const broken = { ...metric, usage: [{ pod: first!.pod, reading: raw(NaN) }, ...rest] };
    const [found] = plausibleReadings(observationFixture(target, [broken])).metrics;
    expect(found).toMatchObject({ usage: [{ reading: { reason: 'NotANumber' } }, ...rest] });
  });

  test('of an indicator may be negative', () => {
    const { indicators } = plausibleReadings(
      observationFixture(target, [], { indicators: [raw(-5), raw(NaN)] }),
    );
    expect(indicators).toMatchObject([{ value: -5 }, { reason: 'NotANumber' }]);
  });
});
