import fc from 'fast-check';
import { parseErrorBody, parseInstant, parseRange } from './parse.ts';

function vector(...result: unknown[]): string {
  return JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
}

function matrix(...result: unknown[]): string {
  return JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });
}

describe('parseInstant', () => {
  test('keeps labels, the time in milliseconds and the value of each sample', () => {
    const body = vector(
      { metric: { pod: 'a' }, value: [1435781451.781, '1.5'] },
      { metric: {}, value: [0, '-2e3'] },
    );
    expect(parseInstant(body)).toEqual({
      ok: true,
      value: {
        data: [
          { labels: new Map([['pod', 'a']]), at: 1435781451781, value: 1.5 },
          { labels: new Map(), at: 0, value: -2000 },
        ],
        warnings: [],
        infos: [],
      },
    });
  });

  test('reads a scalar as one sample without labels', () => {
    const body = JSON.stringify({ status: 'success', data: { resultType: 'scalar', result: [1, '7'] } });
    expect(parseInstant(body)).toMatchObject({
      value: { data: [{ labels: new Map(), at: 1000, value: 7 }] },
    });
  });

  test.each([
    ['NaN', Number.NaN],
    ['+Inf', Infinity],
    ['-Inf', -Infinity],
  ])('keeps %s as what it is', (text, value) => {
    expect(parseInstant(vector({ metric: {}, value: [1, text] }))).toMatchObject({
      value: { data: [{ value }] },
    });
  });

  test('keeps warnings and infos apart', () => {
    const body = JSON.stringify({
      status: 'success',
      warnings: ['store gateway 2 is down'],
      infos: ['metric might not be a counter'],
      data: { resultType: 'vector', result: [] },
    });
    expect(parseInstant(body)).toMatchObject({
      value: { data: [], warnings: ['store gateway 2 is down'], infos: ['metric might not be a counter'] },
    });
  });

  test('a label called __proto__ is a label and pollutes nothing', () => {
    const body = `{"status":"success","data":{"resultType":"vector","result":[
      {"metric":{"__proto__":"x","constructor":"y"},"value":[1,"1"]}]},"__proto__":{"polluted":"yes"}}`;
    const result = parseInstant(body);
    expect(result).toMatchObject({ ok: true });
    expect(result.ok && [...(result.value.data[0]?.labels ?? [])]).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test.each([
    ['an HTML page', '<html><body>502 Bad Gateway</body></html>', 'not a JSON object'],
    ['an empty body', '', 'not a JSON object'],
    ['truncated JSON', vector({ metric: {}, value: [1, '1'] }).slice(0, -10), 'not a JSON object'],
    ['a list', '[]', 'not a JSON object'],
    ['null', 'null', 'not a JSON object'],
    ['no status', '{"data":{"resultType":"vector","result":[]}}', 'status is absent'],
    ['no data', '{"status":"success"}', 'data is not an object'],
    ['no result', '{"status":"success","data":{"resultType":"vector"}}', 'result is not a list'],
    [
      'an unknown type',
      '{"status":"success","data":{"resultType":"tensor","result":[]}}',
      'resultType is "tensor"',
    ],
    [
      'warnings that are no list',
      '{"status":"success","warnings":"x","data":{"resultType":"vector","result":[]}}',
      'warnings',
    ],
    ['a series without labels', vector({ value: [1, '1'] }), 'no set of labels'],
    ['a label that is a number', vector({ metric: { a: 1 }, value: [1, '1'] }), 'no set of labels'],
    ['an empty value', vector({ metric: {}, value: [1, ''] }), 'value is ""'],
    ['a null value', vector({ metric: {}, value: [1, null] }), 'value is null'],
    ['a value that is a number', vector({ metric: {}, value: [1, 5] }), 'value is 5'],
    ['a value that is a word', vector({ metric: {}, value: [1, 'many'] }), 'value is "many"'],
    ['a time that is a text', vector({ metric: {}, value: ['1', '1'] }), 'time is "1"'],
    ['a time beyond all clocks', vector({ metric: {}, value: [1e300, '1'] }), 'time is 1e+300'],
    ['a sample of three', vector({ metric: {}, value: [1, '1', '1'] }), 'not a pair'],
    ['no sample', vector({ metric: {} }), 'not a pair'],
    [
      'the same series twice',
      vector(
        { metric: { a: 'b', c: 'd' }, value: [1, '1'] },
        { metric: { c: 'd', a: 'b' }, value: [1, '2'] },
      ),
      'comes twice',
    ],
  ])('%s is a BadAnswer that says so', (_name, body, message) => {
    const result = parseInstant(body);
    expect(result).toMatchObject({ ok: false, error: { code: 'BadAnswer' } });
    expect(result.ok ? '' : result.error.message).toContain(message);
  });

  test('a matrix where one number is wanted is unusable, not broken', () => {
    expect(parseInstant(matrix())).toMatchObject({ error: { code: 'UnusableResult' } });
  });

  test('a native histogram is refused with the remedy', () => {
    const result = parseInstant(vector({ metric: { job: 'a' }, histogram: [1, { count: '1', sum: '1' }] }));
    expect(result).toMatchObject({ error: { code: 'UnusableResult' } });
    expect(result.ok ? '' : result.error.message).toContain('histogram_quantile()');
  });

  test('a success whose body says error is an error', () => {
    const body =
      '{"status":"error","errorType":"execution","error":"query processing would load too many samples"}';
    expect(parseInstant(body)).toMatchObject({ error: { code: 'QueryRejected' } });
  });
});

describe('parseRange', () => {
  test('keeps the points of each series in order', () => {
    const body = matrix({
      metric: { a: 'b' },
      values: [
        [1, '1'],
        [2.5, 'NaN'],
        [4, '3'],
      ],
    });
    expect(parseRange(body)).toMatchObject({
      value: {
        data: [{ labels: new Map([['a', 'b']]), at: [1000, 2500, 4000], values: [1, Number.NaN, 3] }],
      },
    });
  });

  test.each([
    [
      'times that go back',
      matrix({
        metric: {},
        values: [
          [2, '1'],
          [1, '1'],
        ],
      }),
      'do not ascend',
    ],
    [
      'a time that comes twice',
      matrix({
        metric: {},
        values: [
          [1, '1'],
          [1, '2'],
        ],
      }),
      'do not ascend',
    ],
    ['no values', matrix({ metric: {} }), 'has no values'],
    ['a bad point', matrix({ metric: {}, values: [[1, '']] }), 'value is ""'],
    ['the same series twice', matrix({ metric: {}, values: [] }, { metric: {}, values: [] }), 'comes twice'],
  ])('%s is a BadAnswer that says so', (_name, body, message) => {
    const result = parseRange(body);
    expect(result).toMatchObject({ ok: false, error: { code: 'BadAnswer' } });
    expect(result.ok ? '' : result.error.message).toContain(message);
  });

  test('native histograms are refused', () => {
    expect(parseRange(matrix({ metric: {}, histograms: [] }))).toMatchObject({
      error: { code: 'UnusableResult' },
    });
  });
});

describe('parseErrorBody', () => {
  test.each([
    ['bad_data', 400, 'QueryRejected'],
    ['execution', 422, 'QueryRejected'],
    ['timeout', 503, 'Timeout'],
    ['canceled', 499, 'Timeout'],
    ['unavailable', 503, 'ServerError'],
    ['internal', 500, 'ServerError'],
    ['too_many_requests', 429, 'ServerError'],
  ])('%s (%d) is %s', (errorType, status, code) => {
    const body = JSON.stringify({ status: 'error', errorType, error: 'why' });
    expect(parseErrorBody(body, status)).toEqual({
      code,
      message: `Prometheus answered ${errorType}: why`,
      status,
    });
  });

  test.each(['', '<html>', '{"status":"success"}', '[]'])('%j carries no error', (body) => {
    expect(parseErrorBody(body, 500)).toBeUndefined();
  });
});

test('no body makes the parsers throw', () => {
  const json = fc.json({ maxDepth: 4 });
  const shaped = fc
    .tuple(fc.constantFrom('vector', 'matrix', 'scalar'), json)
    .map(([type, result]) => `{"status":"success","data":{"resultType":"${type}","result":${result}}}`);
  fc.assert(
    fc.property(fc.oneof(fc.string(), json, shaped), (body) => {
      expect(typeof parseInstant(body).ok).toBe('boolean');
      expect(typeof parseRange(body).ok).toBe('boolean');
    }),
  );
});
