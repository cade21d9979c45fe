import fc from 'fast-check';
import type { Sample, TimedAnswer } from './answer.ts';
import type { PrometheusError } from './error.ts';
import { clockSkewMs, groupedQuery, groupedReadings, sampledQuery, scalarReading } from './readings.ts';
import type { Result } from './result.ts';

const NOW = 1_700_000_000_000;
const limits = { staleAfterMs: 90_000, maxClockSkewMs: 30_000 };

function sample(value: number, labels: Record<string, string> = {}, at = NOW): Sample {
  return { labels: new Map(Object.entries(labels)), at, value };
}

function answer(
  data: readonly Sample[],
  change: Partial<TimedAnswer<readonly Sample[]>> = {},
): Result<TimedAnswer<readonly Sample[]>, PrometheusError> {
  return { ok: true, value: { data, warnings: [], infos: [], sentAt: NOW, receivedAt: NOW + 10, ...change } };
}

/** An answer on sample times: ages in seconds. */
function sampledAgo(...ages: readonly number[]): ReturnType<typeof answer> {
  return answer(ages.map((age, index) => sample(NOW / 1000 - age, { input: String(index) })));
}

const failed: Result<never, PrometheusError> = {
  ok: false,
  error: { code: 'Timeout', message: 'no complete answer within 5000 ms' },
};

describe('scalarReading', () => {
  test.each([
    ['a recent sample is Fresh, with its own time', [12], 'Fresh', NOW - 12_000],
    ['a sample exactly at the limit is Fresh', [90], 'Fresh', NOW - 90_000],
    ['a sample past the limit is Stale', [90.001], 'Stale', NOW - 90_001],
    ['a four-minute-old sample that look-back still serves is Stale', [240], 'Stale', NOW - 240_000],
    ['the oldest input counts', [1, 200, 3], 'Stale', NOW - 200_000],
  ])('%s', (_name, ages, quality, at) => {
    expect(scalarReading(answer([sample(5)]), sampledAgo(...ages), limits)).toEqual({
      quality,
      value: 5,
      at,
    });
  });

  test('zero is a value', () => {
    expect(scalarReading(answer([sample(0)]), sampledAgo(1), limits)).toMatchObject({
      quality: 'Fresh',
      value: 0,
    });
  });

  test.each([
    ['no series', answer([]), sampledAgo(1), ['NoData', 'no series']],
    ['a value made of constants', answer([sample(0)]), sampledAgo(), ['NoData', 'constants']],
    ['NaN', answer([sample(Number.NaN)]), sampledAgo(1), ['NotANumber', 'NaN']],
    ['+Inf', answer([sample(Infinity)]), sampledAgo(1), ['NotANumber', 'Infinity']],
    ['-Inf', answer([sample(-Infinity)]), sampledAgo(1), ['NotANumber', '-Infinity']],
    ['a negative value', answer([sample(-0.5)]), sampledAgo(1), ['NotANumber', '-0.5 is negative']],
    [
      'a time that is no number',
      answer([sample(1)]),
      sampledAgo(Number.NaN),
      ['NoData', 'time of the sample'],
    ],
    ['a failed query', failed, sampledAgo(1), ['QueryFailed', 'within 5000 ms']],
    ['a failed query for the age', answer([sample(1)]), failed, ['QueryFailed', 'within 5000 ms']],
    [
      'a warning',
      answer([sample(1)], { warnings: ['a store is down'] }),
      sampledAgo(1),
      ['PartialAnswer', 'a store is down'],
    ],
    [
      'a warning on the age',
      answer([sample(1)]),
      answer([sample(1)], { warnings: ['half'] }),
      ['PartialAnswer', 'half'],
    ],
    [
      'an evaluation in the past',
      answer([sample(1, {}, NOW - 31_000)]),
      sampledAgo(1),
      ['ClockSkew', '31 s'],
    ],
    [
      'an evaluation in the future',
      answer([sample(1, {}, NOW + 600_000)]),
      sampledAgo(1),
      ['ClockSkew', '600 s'],
    ],
    [
      'a Date header ten minutes off',
      answer([sample(1)], { serverDate: NOW - 600_000 }),
      sampledAgo(1),
      ['ClockSkew', 'at most 30 s'],
    ],
    [
      'a Date header off and no data',
      answer([], { serverDate: NOW - 600_000 }),
      sampledAgo(),
      ['ClockSkew', '599 s'],
    ],
  ])('%s is Missing and says why', (_name, value, sampled, [reason, message]) => {
    const reading = scalarReading(value, sampled, limits);
    expect(reading).toMatchObject({ quality: 'Missing', reason });
    expect('message' in reading && reading.message).toContain(message);
  });

  test('several series are an error that shows them and the remedy', () => {
    const series = ['a', 'b', 'c', 'd'].map((pod) => sample(1, { pod }));
    expect(scalarReading(answer(series), sampledAgo(1), limits)).toEqual({
      quality: 'Missing',
      reason: 'QueryFailed',
      message:
        'the query answers 4 series, wanted is one: {pod="a"}, {pod="b"}, {pod="c"}, …; aggregate them in the query, for example with sum()',
    });
  });

  test('whatever the numbers, a reading with a value is finite and not negative', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.array(fc.double()), (values, times) => {
        const reading = scalarReading(
          answer(values.map((v) => sample(v))),
          answer(times.map((t) => sample(t))),
          limits,
        );
        if (reading.quality === 'Missing') return;
        expect(Number.isFinite(reading.value) && reading.value >= 0).toBe(true);
        expect(Number.isSafeInteger(reading.at)).toBe(true);
      }),
    );
  });
});

describe('clockSkewMs', () => {
  const value = { data: [], warnings: [], infos: [], sentAt: NOW, receivedAt: NOW + 4000 };
  test.each([
    ['no time from the server', {}, 0],
    ['an evaluation while we waited', { data: [sample(1, {}, NOW + 3000)] }, 0],
    ['an evaluation before we asked', { data: [sample(1, {}, NOW - 7)] }, 7],
    ['an evaluation after the answer', { data: [sample(1, {}, NOW + 4100)] }, 100],
    ['a Date header in the second before', { serverDate: NOW - 999 }, 0],
    ['a Date header off', { serverDate: NOW + 9000 }, 5000],
    ['the worse of both', { serverDate: NOW + 9000, data: [sample(1, {}, NOW + 4100)] }, 5000],
  ])('%s', (_name, change, skew) => {
    expect(clockSkewMs({ ...value, ...change })).toBe(skew);
  });
});

describe('groupedReadings', () => {
  const part = (name: string, pod: string, value: number): Sample =>
    sample(value, { pod, autonomic_part: name });
  const seconds = NOW / 1000;

  test('values and sample times of each group come together', () => {
    const result = groupedReadings(
      answer([
        part('value', 'a', 0.5),
        part('value', 'b', 0.7),
        part('value', 'c', Number.NaN),
        part('value', 'd', 1),
        part('sampled', 'a', seconds - 10),
        part('sampled', 'b', seconds - 100),
        part('sampled', 'c', seconds - 10),
        part('sampled', 'new', seconds - 1),
      ]),
      limits,
    );
    const byPod = result.ok ? result.value.map((one) => [one.labels.get('pod'), one.reading] as const) : [];
    expect(Object.fromEntries(byPod)).toMatchObject({
      a: { quality: 'Fresh', value: 0.5, at: NOW - 10_000 },
      b: { quality: 'Stale', value: 0.7, at: NOW - 100_000 },
      c: { quality: 'Missing', reason: 'NotANumber' },
      d: { quality: 'Missing', reason: 'NoData' },
      new: { quality: 'Missing', reason: 'NoData', message: 'sampled, but not long enough for a rate' },
    });
  });

  test('an answer that cannot be used is one Missing reading for all', () => {
    expect(groupedReadings(failed, limits)).toMatchObject({ ok: false, error: { reason: 'QueryFailed' } });
    const partial = answer([part('value', 'a', 1)], { warnings: ['half'] });
    expect(groupedReadings(partial, limits)).toMatchObject({ ok: false, error: { reason: 'PartialAnswer' } });
  });
});

test('queries for sample times tell the inputs apart', () => {
  expect(sampledQuery(['x{namespace="a"}', 'y{namespace="a"}'])).toBe(
    'label_replace(max(timestamp(x{namespace="a"})), "input", "0", "", "") or ' +
      'label_replace(max(timestamp(y{namespace="a"})), "input", "1", "", "")',
  );
  expect(groupedQuery({ value: 'v', sampled: 's' })).toBe(
    'label_replace(v, "autonomic_part", "value", "", "") or label_replace(s, "autonomic_part", "sampled", "", "")',
  );
});
