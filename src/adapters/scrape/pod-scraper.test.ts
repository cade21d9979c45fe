import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { PodEndpoint } from './pod-endpoint.ts';
import { PodScraper, type PodAnswer } from './pod-scraper.ts';
import { compileSelector } from './series-selector.ts';

const compiled = compileSelector('http_requests_total{code="200"}');
if (!compiled.ok) throw new Error(compiled.error);
const selectors = [compiled.value];
const BODY =
  'http_requests_total{code="200"} 40\nhttp_requests_total{code="500"} 2\nhttp_requests_total{code="200",a="b"} 2\n';

const servers: { close(): unknown; closeAllConnections?(): void }[] = [];

async function listening(
  server: Pick<Server, 'listen' | 'address' | 'once'>,
  ip: string,
): Promise<PodEndpoint> {
  await new Promise<void>((resolve) => server.listen(0, ip, resolve));
  return { ip, port: (server.address() as AddressInfo).port };
}

/** A pod that answers so. */
async function pod(answer: RequestListener, ip = '127.0.0.1'): Promise<PodEndpoint> {
  const server = createServer(answer);
  servers.push(server);
  return listening(server, ip);
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
});

interface Told {
  readonly results: string[];
  readonly answers: readonly PodAnswer[];
}

async function scrape(endpoints: readonly PodEndpoint[], deadlineMs = 5000): Promise<Told> {
  const results: string[] = [];
  const answers: PodAnswer[] = [];
  const scraper = new PodScraper({
    now: Date.now,
    deadlineMs,
    onAnswer: ({ result }) => void results.push(result),
  });
  await scraper.scrape(
    endpoints.map((endpoint) => ({ endpoint, path: '/metrics?x=1', selectors })),
    (index, answer) => void (answers[index] = answer),
    new AbortController().signal,
  );
  return { answers, results };
}

async function problemOf(endpoint: PodEndpoint, deadlineMs?: number): Promise<unknown> {
  const { answers } = await scrape([endpoint], deadlineMs);
  const [answer] = answers;
  if (answer === undefined || answer.counters.ok) throw new Error('it was read');
  return answer.counters.error;
}

describe('reading pods', () => {
  test('asks each by GET for what is exposed, and sums what is selected', async () => {
    const seen: unknown[] = [];
    const endpoint = await pod(({ method, url, headers }, response) => {
      seen.push([method, url, headers.host, headers['accept-encoding'], headers.authorization]);
      response.end(BODY);
    });
    const before = Date.now();
    const { answers, results } = await scrape([endpoint]);
    expect(answers).toEqual([{ at: expect.any(Number) as number, counters: { ok: true, value: [42] } }]);
    expect(answers[0]?.at).toBeGreaterThanOrEqual(before);
    expect(results).toEqual(['OK']);
    expect(seen).toEqual([['GET', '/metrics?x=1', `127.0.0.1:${endpoint.port}`, 'identity', undefined]]);
  });

  test('also by IPv6', async () => {
    const hosts: unknown[] = [];
    const endpoint = await pod(({ headers }, response) => {
      hosts.push(headers.host);
      response.end(BODY);
    }, '::1');
    expect((await scrape([endpoint])).results).toEqual(['OK']);
    expect(hosts).toEqual([`[::1]:${endpoint.port}`]);
  });

  test('keeps the order of many, of which one is silent', async () => {
    const endpoints = await Promise.all(
      Array.from({ length: 120 }, (_, i) =>
        i === 60
          ? Promise.resolve({ ip: '127.0.0.1', port: 1 })
          : pod((_request, response) => response.end(`http_requests_total{code="200"} ${i}\n`)),
      ),
    );
    const { answers } = await scrape(endpoints);
    expect(answers.map(({ counters }) => (counters.ok ? counters.value[0] : counters.error.kind))).toEqual(
      Array.from({ length: 120 }, (_, i) => (i === 60 ? 'Unreachable' : i)),
    );
  });

  test('ends at the deadline, and says of those that were not asked that they were not', async () => {
    const silent = await pod(() => undefined);
    const { answers } = await scrape(Array<PodEndpoint>(60).fill(silent), 200);
    expect(answers.map(({ counters }) => counters.ok || counters.error)).toEqual([
      ...Array<unknown>(50).fill({ kind: 'Timeout', message: 'no complete answer in time' }),
      ...Array<unknown>(10).fill({ kind: 'Timeout', message: 'not asked in time' }),
    ]);
  });

  test('rejects when it is told to stop', async () => {
    const stop = new AbortController();
    const silent = await pod(() => stop.abort(new Error('stop')));
    const scraper = new PodScraper({ now: Date.now, deadlineMs: 5000, onAnswer: () => undefined });
    const scraping = scraper.scrape(
      [{ endpoint: silent, path: '/', selectors }],
      () => undefined,
      stop.signal,
    );
    await expect(scraping).rejects.toThrow('stop');
  });

  test('asks nobody when there is nobody', async () => {
    expect((await scrape([])).answers).toEqual([]);
  });
});

describe('a pod that cannot be read', () => {
  test('refuses the connection', async () => {
    expect(await problemOf({ ip: '127.0.0.1', port: 1 })).toEqual({
      kind: 'Unreachable',
      message: 'connection refused',
    });
  });

  test.each<[string, RequestListener, string, string]>([
    ['asks for a login', (_, response) => response.writeHead(401).end(), 'Refused', 'HTTP status 401'],
    [
      'points elsewhere, where nobody looks',
      (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(BODY),
      'Refused',
      'HTTP status 302',
    ],
    [
      'compresses unasked',
      (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(BODY)),
      'BadAnswer',
      'the answer is compressed though that was not asked for',
    ],
    ['hangs up', (request) => request.socket.destroy(), 'Unreachable', 'connection reset'],
    [
      'hangs up in the middle',
      (request, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write(BODY, () => request.socket.destroy());
      },
      'Unreachable',
      'connection reset',
    ],
    [
      'exposes what is no counter',
      (_, response) => response.end('http_requests_total{code="200"} NaN\n'),
      'BadAnswer',
      '"http_requests_total{code=\\"200\\"} NaN" is no sample of a counter',
    ],
    [
      'never ends',
      (_, response) => {
        const more = (): void => void response.write('y 1\n'.repeat(50_000), (error) => error ?? more());
        more();
      },
      'TooLarge',
      'the answer is longer than 8388608 bytes',
    ],
  ])('%s', async (_name, answer, kind, message) => {
    expect(await problemOf(await pod(answer))).toEqual({ kind, message });
  });

  test('stops in the middle', async () => {
    const endpoint = await pod((_, response) => void response.write(BODY));
    expect(await problemOf(endpoint, 200)).toEqual({
      kind: 'Timeout',
      message: 'no complete answer in time',
    });
  });

  test('speaks another protocol', async () => {
    const server = createTcpServer((socket) => void socket.on('error', () => undefined).end('SSH-2.0-x\r\n'));
    servers.push(server);
    expect(await problemOf(await listening(server as unknown as Server, '127.0.0.1'))).toEqual({
      kind: 'BadAnswer',
      message: 'the answer is not HTTP',
    });
  });
});
