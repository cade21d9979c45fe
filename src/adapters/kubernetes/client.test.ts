import { writeFileSync } from 'node:fs';
import {
  respond,
  startHttpFixture,
  type HttpFixture,
  type Reply,
} from '../../../test/support/http-fixture.ts';
import { writeKubeconfig } from '../../../test/support/kubeconfig.ts';
import { KubeClient, type KubeClientOptions } from './client.ts';
import type { ApiError } from './errors.ts';

let server: HttpFixture;
let client: KubeClient;
const counted: unknown[] = [];

async function connect(
  user: Record<string, unknown> = {},
  options: Partial<KubeClientOptions> = {},
): Promise<string> {
  const kubeconfig = writeKubeconfig(server.url, user);
  client = await KubeClient.connect(
    { kubeconfig },
    { version: '1.2.3', onRequest: (request) => counted.push(request), ...options },
  );
  return kubeconfig;
}

function failureOf(attempt: Promise<unknown>): Promise<ApiError> {
  return attempt.then(
    () => {
      throw new Error('the request succeeded');
    },
    (error: unknown) => error as ApiError,
  );
}

beforeEach(async () => {
  counted.length = 0;
  server = await startHttpFixture(respond('{"kind":"Pod"}'));
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

describe('KubeClient.request', () => {
  it('sends JSON with the user agent, the token and the query, and gives the answer as it came', async () => {
    await connect({ token: 'secret' });
    server.reply(respond('{"kind":"Pod","unknownField":{"kept":1}}'));
    const answer = await client.request({
      method: 'PATCH',
      path: '/api/v1/namespaces/a/pods/b',
      query: { fieldManager: 'm', dryRun: undefined, force: true },
      contentType: 'application/merge-patch+json',
      body: { spec: {} },
    });
    expect(answer).toEqual({ kind: 'Pod', unknownField: { kept: 1 } });
    const [request] = server.requests;
    expect(request?.path).toBe('/api/v1/namespaces/a/pods/b?fieldManager=m&force=true');
    expect(request?.headers).toMatchObject({
      'user-agent': 'autonomic-operator/1.2.3',
      authorization: 'Bearer secret',
      'content-type': 'application/merge-patch+json',
    });
    expect(counted).toEqual([{ method: 'PATCH', host: new URL(server.url).host, code: '200' }]);
  });

  it('sends a string body byte for byte', async () => {
    await connect();
    await client.request({ method: 'POST', path: '/x', body: '{"a": 1}' });
    expect(server.requests[0]?.form.toString()).toContain('a');
    expect(server.requests[0]?.headers['content-length']).toBe('8');
  });

  it('turns an error answer into an ApiError with reason and Retry-After', async () => {
    await connect();
    server.reply(
      respond('{"kind":"Status","reason":"TooManyRequests","message":"slow down"}', 429, {
        'retry-after': '2',
      }),
    );
    const error = await failureOf(client.request({ method: 'GET', path: '/x' }));
    expect(error).toMatchObject({ status: 429, reason: 'TooManyRequests', retryAfterMs: 2000 });
  });

  it('gives up at the deadline when the answer does not come, and when it comes too slowly', async () => {
    await connect();
    server.reply(() => undefined);
    const silent = await failureOf(client.request({ method: 'GET', path: '/x', deadlineMs: 50 }));
    expect(silent).toMatchObject({ status: 0, reason: 'Timeout' });
    server.reply((_, response) => response.writeHead(200).write('{'));
    const slow = await failureOf(client.request({ method: 'GET', path: '/x', deadlineMs: 50 }));
    expect(slow).toMatchObject({ status: 0, reason: 'Timeout' });
  });

  it('rethrows the caller’s own abort as it is', async () => {
    await connect();
    server.reply(() => undefined);
    const controller = new AbortController();
    const attempt = failureOf(client.request({ method: 'GET', path: '/x', signal: controller.signal }));
    const reason = new Error('stopping');
    controller.abort(reason);
    expect(await attempt).toBe(reason);
  });

  it.each<[string, string, Reply]>([
    ['a connection that breaks', 'Network', (_, response) => response.socket?.destroy()],
    ['a body that is not JSON', 'InvalidResponse', respond('<html>')],
    [
      'a body that is not UTF-8',
      'InvalidResponse',
      (_, response) => response.end(Buffer.from([0x22, 0xff, 0x22])),
    ],
    ['a body over the cap', 'ResponseTooLarge', respond(`"${'x'.repeat(2000)}"`)],
  ])('reports %s as reason %s', async (_, reason, reply) => {
    await connect({}, { maxResponseBytes: 1000 });
    server.reply(reply);
    expect(await failureOf(client.request({ method: 'GET', path: '/x' }))).toMatchObject({
      status: 0,
      reason,
    });
  });

  it('reports a server that is not there as reason Network', async () => {
    await connect();
    await server.stop();
    const error = await failureOf(client.request({ method: 'GET', path: '/x' }));
    expect(error).toMatchObject({ status: 0, reason: 'Network' });
    expect(error.message).toContain('ECONNREFUSED');
    expect(counted).toMatchObject([{ code: '<error>' }]);
  });

  it('keeps the status of an error whose body is over the cap', async () => {
    await connect({}, { maxResponseBytes: 1000 });
    server.reply(respond('x'.repeat(100_000), 500));
    expect(await failureOf(client.request({ method: 'GET', path: '/x' }))).toMatchObject({ status: 500 });
  });

  it('reads its credentials again, once, when the server refuses them', async () => {
    const kubeconfig = await connect({ token: 'old' });
    writeFileSync(kubeconfig, JSON.stringify(replaceToken(server.url)));
    server.reply((request, response) => {
      const known = request.headers.authorization === 'Bearer new';
      respond(known ? '{"ok":true}' : '{}', known ? 200 : 401)(request, response);
    });
    expect(await client.request({ method: 'GET', path: '/x' })).toEqual({ ok: true });
    server.reply(respond('{}', 401));
    expect(await failureOf(client.request({ method: 'GET', path: '/x' }))).toMatchObject({ status: 401 });
    expect(server.requests).toHaveLength(4);
  });

  it('holds requests back when they come faster than the rate', async () => {
    await connect({}, { qps: 20, burst: 1 });
    const startedAt = performance.now();
    await Promise.all([1, 2, 3].map(() => client.request({ method: 'GET', path: '/x' })));
    // Two waits of 50 ms; timers may fire a little early.
    expect(performance.now() - startedAt).toBeGreaterThan(90);
  });
});

describe('KubeClient.stream', () => {
  it('gives the bytes as they come and ends when the server ends', async () => {
    await connect();
    server.reply((_, response) => {
      response.write('one');
      setImmediate(() => response.end('two'));
    });
    const parts: string[] = [];
    const bytes = await client.stream({
      path: '/x',
      query: { watch: true },
      signal: new AbortController().signal,
    });
    for await (const part of bytes) parts.push(Buffer.from(part).toString());
    expect(parts.join('')).toBe('onetwo');
  });

  it('throws a Network error when the connection breaks in the middle', async () => {
    await connect();
    server.reply((_, response) => {
      response.write('one');
      setImmediate(() => response.destroy());
    });
    const bytes = await client.stream({ path: '/x', signal: new AbortController().signal });
    const read = async (): Promise<void> => {
      for await (const part of bytes) expect(part.length).toBe(3);
    };
    expect(await failureOf(read())).toMatchObject({ status: 0, reason: 'Network' });
  });

  it('throws the error answer, and the deadline when no answer begins', async () => {
    await connect();
    const { signal } = new AbortController();
    server.reply(respond('{"kind":"Status","reason":"Expired"}', 410));
    expect(await failureOf(client.stream({ path: '/x', signal }))).toMatchObject({
      status: 410,
      reason: 'Expired',
    });
    server.reply(() => undefined);
    expect(await failureOf(client.stream({ path: '/x', signal, deadlineMs: 30 }))).toMatchObject({
      reason: 'Timeout',
    });
  });
});

function replaceToken(url: string): unknown {
  return {
    clusters: [{ name: 'local', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'local', user: { token: 'new' } }],
    contexts: [{ name: 'local', context: { cluster: 'local', user: 'local' } }],
    'current-context': 'local',
  };
}
