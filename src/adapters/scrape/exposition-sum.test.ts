import fc from 'fast-check';
import { ExpositionSum } from './exposition-sum.ts';
import { compileSelector, type SeriesSelector } from './series-selector.ts';

function selector(text: string): SeriesSelector {
  const compiled = compileSelector(text);
  if (!compiled.ok) throw new Error(compiled.error);
  return compiled.value;
}

function sums(body: string, texts: readonly string[], chunk = Infinity): readonly (number | undefined)[] {
  const reader = new ExpositionSum(texts.map(selector));
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += chunk) reader.push(bytes.subarray(at, at + chunk));
  return reader.end();
}

/** As prom-client writes it, with what makes lines hard to read. */
const BODY = `# HELP http_requests_total All requests, http_requests_total{code="200"} among them.
# TYPE http_requests_total counter
http_requests_total{code="200",path="/"} 100
http_requests_total{code="200",path="/a b{c=\\"d\\"} 9"} 20 1700000000000
http_requests_total{code="500",path="/\\\\"} 3
http_requests_total_created{code="200"} 1.7e9
other_http_requests_total 7
http_requests 5
# TYPE latency histogram
latency_bucket{le="0.1"} 40 # {trace_id="KOO5S4vxi0o"} 0.067
latency_bucket{le="0.4",} 90
latency_bucket{ le = "1.0" } 1e2
latency_bucket{le="+Inf"} 100
latency_sum 12.5
latency_count 100
{"http.server.requests",code="200"} 11
{"http.server.requests"} 1
plain\t4
# EOF
`;

describe('sums over an exposition', () => {
  test.each<[string, number | undefined]>([
    ['http_requests_total', 123],
    ['http_requests_total{code="200"}', 120],
    ['http_requests_total{path="/a b{c=\\"d\\"} 9"}', 20],
    ['http_requests_total{path="/\\\\"}', 3],
    ['http_requests', 5],
    ['latency_count', 100],
    ['latency_bucket{le="0.1"}', 40],
    ['latency_bucket{le="0.4"}', 90],
    ['latency_bucket{le="1"}', 100],
    ['latency_bucket{le="0.5"}', undefined],
    ['{"http.server.requests"}', 12],
    ['{"http.server.requests",code="200"}', 11],
    ['plain', 4],
    ['requests_total', undefined],
  ])('%s: %p', (text, sum) => {
    expect(sums(BODY, [text])).toEqual([sum]);
  });

  test('are the same however the bytes arrive', () => {
    const texts = ['http_requests_total', 'latency_bucket{le="0.4"}', '{"http.server.requests"}', 'no'];
    const whole = sums(BODY, texts);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (chunk) => {
        expect(sums(BODY, texts, chunk)).toEqual(whole);
      }),
    );
  });

  test.each([
    ['the last line has no end', 'x 1\nx 2', 3],
    ['lines end as in Windows', 'x{a="b"} 1\r\nx 2\r\n', 3],
    ['the name stands in a value', 'y{a="\\nx 5"} 1\nx 2\n', 2],
    ['letters are beyond ASCII', 'x{a="ä😀"} 1\n', 1],
    ['there is nothing', '', undefined],
  ])('are right when %s', (_, body, sum) => {
    expect(sums(body, ['x'])).toEqual([sum]);
  });

  test.each([
    ['NaN', 'x NaN\n'],
    ['an infinity', 'x +Inf\n'],
    ['a negative number', 'x -1\n'],
    ['no number', 'x abc\n'],
    ['nothing', 'x \n'],
    ['labels that are not closed', 'x{a="b" 1\n'],
    ['a label without quotes', 'x{a=b} 1\n'],
  ])('are refused where a counter is %s', (_, body) => {
    expect(() => sums(body, ['x'])).toThrow(/is no sample of a counter$/);
  });

  test('are refused where a line never ends', () => {
    expect(() => sums('y'.repeat(200_000), ['x'], 10_000)).toThrow('a line is longer than 65536 bytes');
  });
});
