import { prometheusOptionsSchema, rateWindowSeconds, staleAfterMs } from './options.ts';

const url = 'http://prometheus:9090';

test('an address is enough; everything else has a default', () => {
  expect(prometheusOptionsSchema.parse({ url })).toEqual({
    url,
    headers: {},
    deadlineSeconds: 5,
    maxAnswerBytes: 5_000_000,
    maxConcurrentQueries: 8,
    scrapeIntervalSeconds: 30,
    maxClockSkewSeconds: 30,
    nodeLabel: 'node',
    breaker: { failures: 5, pauseSeconds: 5, maxPauseSeconds: 60 },
  });
});

test('every option can be set', () => {
  const options = {
    url: 'https://mimir.example/prometheus',
    bearerTokenFile: '/var/run/token',
    tls: { caFile: '/ca.pem', certFile: '/c.pem', keyFile: '/k.pem', serverName: 'mimir' },
    headers: { 'X-Scope-OrgID': 'team-a' },
    deadlineSeconds: 10,
    maxAnswerBytes: 1_000_000,
    maxConcurrentQueries: 4,
    scrapeIntervalSeconds: 15,
    rateWindowSeconds: 120,
    maxClockSkewSeconds: 10,
    nodeLabel: 'instance',
    breaker: { failures: 3, pauseSeconds: 1, maxPauseSeconds: 30 },
  };
  expect(prometheusOptionsSchema.parse(options)).toEqual(options);
});

test.each([
  ['an address without a scheme', { url: 'prometheus:9090' }, 'http://'],
  ['a file address', { url: 'file:///etc/passwd' }, 'must begin with http'],
  ['no URL', { url: 'prometheus' }, 'must be a URL'],
  ['a password in the address', { url: 'http://a:secret@b' }, 'bearerTokenFile'],
  ['a query in the address', { url: 'http://b/?x=1' }, 'query or fragment'],
  ['a relative token file', { url, bearerTokenFile: 'token' }, 'absolute path'],
  ['a certificate without its key', { url, tls: { certFile: '/c.pem' } }, 'both or none'],
  ['an Authorization header', { url, headers: { authorization: 'Bearer x' } }, 'bearerTokenFile'],
  ['a header with a line end', { url, headers: { 'X-A': 'a\r\nX-B: b' } }, 'printable'],
  ['a header name with a space', { url, headers: { 'X A': 'a' } }, 'header name'],
  ['a compressed answer', { url, headers: { 'Accept-Encoding': 'gzip' } }, 'compressed'],
  ['a misspelt option', { url, deadline: 5 }, 'deadline'],
  ['a deadline of zero', { url, deadlineSeconds: 0 }, '0.1'],
  ['a label that is PromQL', { url, nodeLabel: 'a) or (b' }, 'label name'],
])('%s is refused and the message says why', (_name, input, message) => {
  const result = prometheusOptionsSchema.safeParse(input);
  expect(result.success).toBe(false);
  expect(JSON.stringify(result.error?.issues)).toContain(message);
  expect(JSON.stringify(result.error?.issues)).not.toContain('secret');
});

test.each([
  [15, 90_000, 60],
  [30, 90_000, 120],
  [60, 180_000, 240],
])(
  'with a scrape each %d s samples are stale after %d ms and rates look back %d s',
  (scrape, stale, window) => {
    expect(staleAfterMs({ scrapeIntervalSeconds: scrape })).toBe(stale);
    expect(rateWindowSeconds({ scrapeIntervalSeconds: scrape })).toBe(window);
  },
);
