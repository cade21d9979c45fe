import type { ServerResponse } from 'node:http';
import {
  respond,
  startHttpFixture,
  vectorBody,
  type HttpFixture,
  type Reply,
} from '../../../test/support/http-fixture.ts';
import { PrometheusClient, type ClientEnvironment, type QueryEvent } from './client.ts';
import { prometheusOptionsSchema } from './options.ts';

const ONE = vectorBody([[{ pod: 'a' }, '1.5']], 1000);

describe('PrometheusClient', () => {
  let server: HttpFixture;
  let client: PrometheusClient;
  let now: number;
  let events: QueryEvent[];

  function clientFor(
    options: Record<string, unknown> = {},
    environment: Partial<ClientEnvironment> = {},
  ): PrometheusClient {
    const parsed = prometheusOptionsSchema.parse({ url: server.url, ...options });
    return new PrometheusClient(parsed, {
      now: () => now,
      random: () => 1,
      onQuery: (event) => events.push(event),
      ...environment,
    });
  }

  beforeEach(async () => {
    now = 1_700_000_000_000;
    events = [];
    server = await startHttpFixture(respond(ONE));
    client = clientFor();
  });

  afterEach(async () => {
    await client.close();
    await server.stop();
  });

  test('an instant query is posted as a form with the deadline as timeout', async () => {
    const result = await client.instant({ query: 'up{a="ü&=+"}' });
    expect(result).toMatchObject({ ok: true, value: { data: [{ value: 1.5, at: 1_000_000 }], sentAt: now } });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/api/v1/query' });
    expect(request?.headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'autonomic-operator',
    });
    expect(Object.fromEntries(request?.form ?? [])).toEqual({ query: 'up{a="ü&=+"}', timeout: '5.000' });
  });

  test('a range query carries its period in seconds', async () => {
    server.reply(respond('{"status":"success","data":{"resultType":"matrix","result":[]}}'));
    await client.range({ query: 'up', startMs: 1500, endMs: 9000, stepMs: 500, lookbackMs: 90_000 });
    expect(server.requests[0]?.path).toBe('/api/v1/query_range');
    expect(Object.fromEntries(server.requests[0]?.form ?? [])).toEqual({
      query: 'up',
      start: '1.500',
      end: '9.000',
      step: '0.500',
      lookback_delta: '90.000',
      timeout: '5.000',
    });
  });

  test('a path in the address is kept and headers of the administrator are sent', async () => {
    client = clientFor({ url: `${server.url}/prometheus/`, headers: { 'X-Scope-OrgID': 'team-a' } });
    await client.instant({ query: 'up' });
    expect(server.requests[0]?.path).toBe('/prometheus/api/v1/query');
    expect(server.requests[0]?.headers['x-scope-orgid']).toBe('team-a');
  });

  test("the server's Date header is kept for the comparison of clocks", async () => {
    server.reply(respond(ONE, 200, { date: 'Tue, 14 Nov 2023 22:13:20 GMT' }));
    await expect(client.instant({ query: 'up' })).resolves.toMatchObject({
      value: { serverDate: 1_700_000_000_000 },
    });
  });

  test('the past is asked about at its own time, of which the Date header knows nothing', async () => {
    client = clientFor({}, { evaluateAt: () => 1_500_000_000_250 });
    server.reply(respond(ONE, 200, { date: 'Tue, 14 Nov 2023 22:13:20 GMT' }));
    const answer = await client.instant({ query: 'up' });
    expect(server.requests[0]?.form.get('time')).toBe('1500000000.250');
    expect(answer).toMatchObject({ ok: true });
    expect(answer).not.toHaveProperty('value.serverDate');
  });

  const rejected = '{"status":"error","errorType":"execution","error":"too many samples"}';
  test.each([
    ['an HTML page with status 200', respond('<html>'), 'BadAnswer'],
    ['an HTML page with status 502', respond('<html>', 502), 'ServerError'],
    ['a proxy that limits requests', respond('slow down', 429), 'ServerError'],
    ['a Prometheus that is starting', respond('Service Unavailable', 503), 'ServerError'],
    ['truncated JSON', respond(ONE.slice(0, -5)), 'BadAnswer'],
    ['a page that is not there', respond('404 page not found', 404), 'BadAnswer'],
    ['a refused query', respond(rejected, 422), 'QueryRejected'],
    ['missing credentials', respond('no', 401), 'Unauthorized'],
    ['forbidden access', respond('no', 403), 'Unauthorized'],
    ['an answer that is compressed', respond(ONE, 200, { 'content-encoding': 'gzip' }), 'BadAnswer'],
    ['an answer that is not UTF-8', respondBytes(Buffer.from([0x7b, 0xff, 0x7d])), 'BadAnswer'],
    ['a body shorter than promised', cutOff(), 'Unreachable'],
  ] as const)('%s is the error %s', async (_name, reply, code) => {
    server.reply(reply);
    await expect(client.instant({ query: 'up' })).resolves.toMatchObject({ ok: false, error: { code } });
    expect(events).toMatchObject([{ kind: 'instant', code }]);
  });

  test('a redirect is not followed and the target gets nothing', async () => {
    const canary = await startHttpFixture(respond(ONE));
    server.reply(respond('', 302, { location: `${canary.url}/api/v1/query` }));
    await expect(client.instant({ query: 'up' })).resolves.toMatchObject({
      error: { code: 'BadAnswer', status: 302 },
    });
    expect(canary.requests).toHaveLength(0);
    await canary.stop();
  });

  test('an endless answer is cut off at the byte cap', async () => {
    client = clientFor({ maxAnswerBytes: 100_000 });
    const block = 'x'.repeat(10_000);
    let sent = 0;
    const hungUp = new Promise<void>((resolve) => {
      server.reply((_request, response) => {
        response.on('close', resolve);
        const more = (): void => {
          while (!response.destroyed && response.write(block)) sent += block.length;
          response.once('drain', more);
        };
        more();
      });
    });
    await expect(client.instant({ query: 'up' })).resolves.toMatchObject({ error: { code: 'TooLarge' } });
    await hungUp;
    expect(sent).toBeLessThan(50_000_000);
  });

  test('a silent server is a Timeout, before the headers and amid the body', async () => {
    client = clientFor({ deadlineSeconds: 0.2 });
    server.reply(() => undefined);
    await expect(client.instant({ query: 'up' })).resolves.toMatchObject({ error: { code: 'Timeout' } });
    server.reply((_request, response) => response.write('{"status":'));
    await expect(client.instant({ query: 'up' })).resolves.toMatchObject({ error: { code: 'Timeout' } });
  });

  test('a round that ends takes its queries with it, also those that still wait', async () => {
    client = clientFor({ maxConcurrentQueries: 1 });
    server.reply(() => undefined);
    const round = new AbortController();
    const results = ['a', 'b'].map((query) => client.instant({ query, signal: round.signal }));
    await until(() => server.requests.length === 1);
    round.abort();
    await expect(Promise.all(results)).resolves.toMatchObject([
      { error: { code: 'Aborted' } },
      { error: { code: 'Aborted', message: 'the round ended before this query was sent' } },
    ]);
    expect(server.requests).toHaveLength(1);
  });

  test('a server that is not there is Unreachable', async () => {
    await server.stop();
    const result = await client.instant({ query: 'up' });
    expect(result).toMatchObject({ error: { code: 'Unreachable' } });
    expect(result.ok ? '' : result.error.message).toContain('ECONNREFUSED');
  });

  test('no more than the limit of queries are under way at once', async () => {
    client = clientFor({ maxConcurrentQueries: 3 });
    const held: ServerResponse[] = [];
    let most = 0;
    server.reply((_request, response) => {
      held.push(response);
      most = Math.max(most, held.length);
      if (held.length === 3 || server.requests.length === 20) for (const one of held.splice(0)) one.end(ONE);
    });
    await Promise.all(Array.from({ length: 20 }, () => client.instant({ query: 'up' })));
    expect(most).toBe(3);
  });

  test('the breaker opens after failures in a row, spares the server, and closes on recovery', async () => {
    client = clientFor({ breaker: { failures: 2, pauseSeconds: 10 } });
    server.reply(respond('', 500));
    await client.instant({ query: 'up' });
    await client.instant({ query: 'up' });
    expect(client.breakerState()).toBe('Open');
    await expect(client.instant({ query: 'up' })).resolves.toMatchObject({ error: { code: 'BreakerOpen' } });
    expect(server.requests).toHaveLength(2);
    expect(client.problem()).toBe('Prometheus answered with status 500');
    now += 10_000;
    expect(client.breakerState()).toBe('HalfOpen');
    server.reply(respond(ONE));
    await expect(client.instant({ query: 'up' })).resolves.toMatchObject({ ok: true });
    expect(client.breakerState()).toBe('Closed');
    expect(client.problem()).toBeUndefined();
  });

  test("queries that are refused for their own fault don't open the breaker", async () => {
    client = clientFor({ breaker: { failures: 1 } });
    server.reply(respond(rejected, 422));
    await client.instant({ query: 'up' });
    expect(client.breakerState()).toBe('Closed');
  });
});

function respondBytes(bytes: Buffer): Reply {
  return (_request, response) => response.end(bytes);
}

function cutOff(): Reply {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"status":"success"', () => response.socket?.destroy());
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}
