import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import { makeCertificate } from '../../../test/support/certificates.ts';
import type { RuntimeAlert } from '../../loop/analyze/threat/runtime-alerts.ts';
import type { AuditEvent } from './audit-events.ts';
import { EventReceiver, type Delivery } from './event-receiver.ts';
import { threatOptionsSchema, type ReceiverOptions } from './options.ts';

const TOKEN = 'sesame';
const EMPTY = JSON.stringify({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [] });
const ALERT = JSON.stringify({ rule: 'r', output: 'o', priority: 'Error' });

let directory = '';
let receiver: EventReceiver;
let url = '';
let listening = true;
let deliveries: Delivery[] = [];
let audits: (readonly AuditEvent[])[] = [];
let alerts: RuntimeAlert[] = [];

function options(over: object = {}): ReceiverOptions {
  const { receiver: parsed } = threatOptionsSchema.parse({
    receiver: {
      host: '127.0.0.1',
      port: 0,
      falco: true,
      tokenFile: join(directory, 'token'),
      maxBodyBytes: 1024,
      ...over,
    },
  });
  if (parsed === undefined) throw new Error('there is a receiver');
  return parsed;
}

async function open(over: object = {}): Promise<void> {
  receiver = await EventReceiver.open(options(over), {
    now: Date.now,
    onAudit: (events) => audits.push(events),
    onFalco: (alert) => alerts.push(alert),
    isListening: () => listening,
    onDelivery: (delivery) => deliveries.push(delivery),
  });
  url = `http://127.0.0.1:${await receiver.listen()}`;
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'autonomic-receiver-'));
  await writeFile(join(directory, 'token'), `${TOKEN}\n`);
  [listening, deliveries, audits, alerts] = [true, [], [], []];
  await open();
});

afterEach(async () => {
  await receiver.close();
  await rm(directory, { recursive: true, force: true });
});

async function post(
  path: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<[number, string]> {
  const answer = await request(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    body,
  });
  return [answer.statusCode, await answer.body.text()];
}

test('events and alerts are taken in where they belong', async () => {
  expect(await post('/audit?timeout=30s', EMPTY)).toEqual([200, 'taken in\n']);
  expect(await post('/falco', ALERT)).toEqual([200, 'taken in\n']);
  expect(audits).toEqual([[]]);
  expect(alerts).toMatchObject([{ rule: 'r', priority: 'Error' }]);
  expect(deliveries).toEqual([
    { path: '/audit', code: 200 },
    { path: '/falco', code: 200 },
  ]);
});

test.each([
  ['without a token', '/audit', EMPTY, { authorization: '' }, 401, 'wanted: Authorization: Bearer'],
  ['with another token', '/audit', EMPTY, { authorization: 'Bearer sesame2' }, 401, 'wanted'],
  ['what is no list of events', '/audit', '{}', {}, 400, 'wanted audit.k8s.io/v1 EventList'],
  ['what is no JSON', '/falco', 'x', {}, 400, 'the body is not JSON'],
  ['a compressed body', '/audit', EMPTY, { 'content-encoding': 'gzip' }, 400, 'not compressed'],
  ['a body that is too long', '/audit', 'x'.repeat(1025), {}, 413, 'longer than 1024 bytes'],
  ['another path', '/', EMPTY, {}, 404, 'there is nothing here'],
] as const)('refused: %s', async (...[, path, body, headers, code, text]) => {
  const [status, answer] = await post(path, body, headers);
  expect(answer).toContain(text);
  expect(status).toBe(code);
  expect(audits).toEqual([]);
  expect(deliveries).toMatchObject([{ code }]);
  expect(deliveries[0]?.problem !== undefined).toBe(code === 400 || code === 413);
});

test('a long body that does not say so ends where the cap is', async () => {
  const chunks = async function* () {
    for (let count = 0; count < 100; count += 1) yield Buffer.alloc(512, 32);
    await Promise.resolve();
  };
  const answer = await request(`${url}/audit`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}` },
    body: Readable.from(chunks()),
  }).catch((error: unknown) => error as Error);
  // The answer may be lost when the connection is cut while the rest is being sent.
  if (!(answer instanceof Error)) expect(answer.statusCode).toBe(413);
  expect(deliveries).toMatchObject([{ code: 413 }]);
});

test('only POST is served', async () => {
  const answer = await request(`${url}/audit`);
  expect(answer.statusCode).toBe(405);
  await answer.body.dump();
});

test('a replica that does not lead asks to be asked again', async () => {
  listening = false;
  expect((await post('/audit', EMPTY))[0]).toBe(503);
  expect(audits).toEqual([]);
});

test('what is not wanted is not there', async () => {
  await receiver.close();
  await open({ falco: false });
  expect((await post('/falco', ALERT))[0]).toBe(404);
});

test('a token that cannot be read is a reason not to start', async () => {
  await expect(
    EventReceiver.open(options({ tokenFile: join(directory, 'none') }), {
      now: Date.now,
      onAudit: () => undefined,
      onFalco: () => undefined,
      isListening: () => true,
      onDelivery: () => undefined,
    }),
  ).rejects.toThrow(/threats\.receiver\.tokenFile: .*none cannot be read: ENOENT/);
});

test('a renewed certificate is used for new connections, and a broken one is not', async () => {
  await receiver.close();
  const [certFile, keyFile] = [join(directory, 'tls.crt'), join(directory, 'tls.key')];
  const authority = makeCertificate('authority');
  const renew = async (issuer = authority): Promise<void> => {
    const { cert, key } = makeCertificate('receiver', issuer);
    await writeFile(certFile, cert);
    await writeFile(keyFile, key);
  };
  const status = async (ca: string): Promise<number> => {
    const dispatcher = new Agent({ connect: { ca } });
    const answer = await request(`${url.replace('http:', 'https:')}/audit`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
      body: EMPTY,
      dispatcher,
    });
    await answer.body.dump();
    await dispatcher.close();
    return answer.statusCode;
  };
  await renew();
  await open({ tls: { certFile, keyFile } });
  expect(await status(authority.cert)).toBe(200);
  const other = makeCertificate('other-authority');
  await renew(other);
  await receiver.renewCertificate();
  expect(await status(other.cert)).toBe(200);
  await writeFile(certFile, 'broken');
  await expect(receiver.renewCertificate()).rejects.toThrow();
  expect(await status(other.cert)).toBe(200);
});
