import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../../../test/support/certificates.ts';
import {
  respond,
  startHttpFixture,
  vectorBody,
  type HttpFixture,
} from '../../../test/support/http-fixture.ts';
import { PrometheusClient } from './client.ts';
import { prometheusOptionsSchema } from './options.ts';

const BODY = vectorBody([], 1);
const authority = makeCertificate('authority');
const serverCertificate = makeCertificate('server', authority);
const clientCertificate = makeCertificate('client', authority);

describe('credentials of the client', () => {
  let directory: string;
  let server: HttpFixture;
  let now = 0;
  const clients: PrometheusClient[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'credentials-'));
    await write('ca.pem', authority.cert);
    await write('client.pem', clientCertificate.cert);
    await write('client.key', clientCertificate.key);
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await server.stop();
  });

  afterAll(() => rm(directory, { recursive: true }));

  async function write(name: string, text: string): Promise<string> {
    const path = join(directory, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  }

  function clientWith(options: Record<string, unknown>): PrometheusClient {
    const parsed = prometheusOptionsSchema.parse({ url: server.url, ...options });
    const client = new PrometheusClient(parsed, { now: () => now, random: () => 0 });
    clients.push(client);
    return client;
  }

  function lastAuthorization(): string | undefined {
    return server.requests.at(-1)?.headers.authorization;
  }

  test('the bearer token comes from a file and is read again after a minute', async () => {
    server = await startHttpFixture(respond(BODY));
    const bearerTokenFile = await write('token', 'first\n');
    const client = clientWith({ bearerTokenFile });
    await client.instant({ query: 'up' });
    expect(lastAuthorization()).toBe('Bearer first');
    await write('token', 'second\n');
    now += 59_000;
    await client.instant({ query: 'up' });
    expect(lastAuthorization()).toBe('Bearer first');
    now += 1000;
    await client.instant({ query: 'up' });
    expect(lastAuthorization()).toBe('Bearer second');
  });

  test.each([
    ['is missing', undefined, 'ENOENT'],
    ['is empty', ' \n', 'is empty'],
    ['holds two lines', 'canary-secret\nX-Injected: 1', 'no single token'],
    ['holds a control character', 'canary-secret\u0000', 'no single token'],
  ])(
    'a token file that %s is an error without the secret, and nothing is sent',
    async (_name, text, message) => {
      server = await startHttpFixture(respond(BODY));
      const bearerTokenFile = text === undefined ? '/nonexistent/token' : await write('bad-token', text);
      const result = await clientWith({ bearerTokenFile }).instant({ query: 'up' });
      expect(result).toMatchObject({ error: { code: 'Credentials' } });
      expect(JSON.stringify(result)).toContain(message);
      expect(JSON.stringify(result)).not.toContain('canary-secret');
      expect(server.requests).toHaveLength(0);
    },
  );

  test('a refused token does not appear in the error', async () => {
    server = await startHttpFixture(respond('no', 401));
    const bearerTokenFile = await write('token', 'canary-secret');
    const result = await clientWith({ bearerTokenFile }).instant({ query: 'up' });
    expect(JSON.stringify(result)).not.toContain('canary-secret');
  });

  describe('over TLS', () => {
    const tls = { key: serverCertificate.key, cert: serverCertificate.cert, ca: authority.cert };

    test('an authority of its own is trusted, and only with it', async () => {
      server = await startHttpFixture(respond(BODY), tls);
      const trusting = clientWith({ tls: { caFile: join(directory, 'ca.pem') } });
      await expect(trusting.instant({ query: 'up' })).resolves.toMatchObject({ ok: true });
      const doubting = clientWith({});
      await expect(doubting.instant({ query: 'up' })).resolves.toMatchObject({
        error: { code: 'Unreachable' },
      });
    });

    test('a server with another name is not trusted', async () => {
      server = await startHttpFixture(respond(BODY), tls);
      const client = clientWith({
        tls: { caFile: join(directory, 'ca.pem'), serverName: 'elsewhere.example' },
      });
      await expect(client.instant({ query: 'up' })).resolves.toMatchObject({
        error: { code: 'Unreachable' },
      });
      expect(server.requests).toHaveLength(0);
    });

    test('a client certificate is shown where the server demands one', async () => {
      server = await startHttpFixture(respond(BODY), { ...tls, requestCert: true, rejectUnauthorized: true });
      const caFile = join(directory, 'ca.pem');
      const known = clientWith({
        tls: { caFile, certFile: join(directory, 'client.pem'), keyFile: join(directory, 'client.key') },
      });
      await expect(known.instant({ query: 'up' })).resolves.toMatchObject({ ok: true });
      const unknown = clientWith({ tls: { caFile } });
      await expect(unknown.instant({ query: 'up' })).resolves.toMatchObject({
        error: { code: 'Unreachable' },
      });
    });

    test('a renewed certificate is used after a minute without a restart', async () => {
      server = await startHttpFixture(respond(BODY), { ...tls, requestCert: true, rejectUnauthorized: true });
      const stranger = makeCertificate('stranger');
      const certFile = await write('renewed.pem', stranger.cert);
      const keyFile = await write('renewed.key', stranger.key);
      const client = clientWith({ tls: { caFile: join(directory, 'ca.pem'), certFile, keyFile } });
      await expect(client.instant({ query: 'up' })).resolves.toMatchObject({
        error: { code: 'Unreachable' },
      });
      await write('renewed.pem', clientCertificate.cert);
      await write('renewed.key', clientCertificate.key);
      now += 60_000;
      await expect(client.instant({ query: 'up' })).resolves.toMatchObject({ ok: true });
    });
  });
});
