import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { RuntimeAlert } from '../../loop/analyze/threat/runtime-alerts.ts';
import { SecretFile } from '../prometheus/secret-file.ts';
import { parseAuditEvents, type AuditEvent } from './audit-events.ts';
import { BodyError } from './body-error.ts';
import { parseFalcoAlert } from './falco-alert.ts';
import type { ReceiverOptions } from './options.ts';
import { readBody } from './read-body.ts';

/** How a delivery ended, for metrics: a status and what came in. */
export interface Delivery {
  readonly path: '/audit' | '/falco' | 'other';
  readonly code: number;
  /** Why what was sent could not be taken in; present where the sender should mend something. */
  readonly problem?: string;
}

export interface ReceiverPorts {
  readonly now: () => number;
  readonly onAudit: (events: readonly AuditEvent[]) => void;
  readonly onFalco: (alert: RuntimeAlert) => void;
  /** Whether this process is the one that looks: another replica refuses, and the sender tries again. */
  readonly isListening: () => boolean;
  readonly onDelivery: (delivery: Delivery) => void;
}

interface Answer {
  readonly code: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Bodies that are read at the same time: with the cap of each, the bound of memory. The API server sends one at a time. */
const MAX_AT_ONCE = 4;

/** Takes in audit events and Falco alerts over HTTP. Answers for itself: a sender must never be kept waiting. */
export class EventReceiver {
  readonly #options: ReceiverOptions;
  readonly #ports: ReceiverPorts;
  readonly #token: SecretFile;
  readonly #server: Server | TlsServer;
  #reading = 0;
  #certificate = '';

  private constructor(
    options: ReceiverOptions,
    ports: ReceiverPorts,
    tls: { cert: string; key: string } | undefined,
  ) {
    this.#options = options;
    this.#ports = ports;
    this.#token = new SecretFile(options.tokenFile, ports.now);
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#serve(request, response);
    };
    this.#server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
    this.#certificate = tls?.cert ?? '';
    // A sender that stalls must not hold one of the few places for long.
    this.#server.requestTimeout = 10_000;
    this.#server.headersTimeout = 5_000;
  }

  /** @throws Error when the token or the certificate cannot be read: better at the start than at the first event. */
  static async open(options: ReceiverOptions, ports: ReceiverPorts): Promise<EventReceiver> {
    const tls = options.tls === undefined ? undefined : await readTls(options.tls);
    const receiver = new EventReceiver(options, ports, tls);
    const token = await receiver.#token.read();
    if (!token.ok) throw new Error(`threats.receiver.tokenFile: ${token.error.message}`);
    return receiver;
  }

  /** Listens; port 0 takes a free one. Returns the port. */
  async listen(): Promise<number> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Reads the certificate again; one that cannot be read or used leaves the present one in place. */
  async renewCertificate(): Promise<void> {
    const { tls } = this.#options;
    if (tls === undefined || !('setSecureContext' in this.#server)) return;
    const read = await readTls(tls);
    if (read.cert === this.#certificate) return;
    this.#server.setSecureContext(read);
    this.#certificate = read.cert;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    let answer: Answer;
    try {
      answer = await this.#answer(path, request);
    } catch (error) {
      answer = refusalOf(error);
    }
    const { code, text } = answer;
    this.#ports.onDelivery({ path, code, ...(code === 400 || code === 413 ? { problem: text } : {}) });
    // What was not read to its end cannot be followed by another request.
    if (!request.complete) response.setHeader('connection', 'close');
    response.writeHead(answer.code, { 'content-type': 'text/plain; charset=utf-8', ...answer.headers });
    response.end(`${answer.text}\n`);
  }

  async #answer(path: Delivery['path'], request: IncomingMessage): Promise<Answer> {
    const { audit, falco } = this.#options;
    const isServed = (path === '/audit' && audit) || (path === '/falco' && falco);
    if (!isServed) return { code: 404, text: 'there is nothing here' };
    if (request.method !== 'POST')
      return { code: 405, text: 'only POST is served here', headers: { allow: 'POST' } };
    if (!(await this.#isAuthorised(request))) {
      return {
        code: 401,
        text: 'wanted: Authorization: Bearer and the token',
        headers: { 'www-authenticate': 'Bearer' },
      };
    }
    if (!this.#ports.isListening()) {
      return { code: 503, text: 'another replica looks for threats now', headers: { connection: 'close' } };
    }
    if (this.#reading >= MAX_AT_ONCE) {
      return { code: 429, text: 'too many bodies at the same time', headers: { 'retry-after': '1' } };
    }
    return this.#take(path, request);
  }

  async #take(path: Delivery['path'], request: IncomingMessage): Promise<Answer> {
    this.#reading += 1;
    try {
      const body = await readBody(request, this.#options.maxBodyBytes);
      if (path === '/audit') this.#ports.onAudit(parseAuditEvents(body));
      else this.#ports.onFalco(parseFalcoAlert(body));
      return { code: 200, text: 'taken in' };
    } finally {
      this.#reading -= 1;
    }
  }

  async #isAuthorised(request: IncomingMessage): Promise<boolean> {
    const token = await this.#token.read();
    if (!token.ok) return false;
    const shown = request.headers.authorization ?? '';
    // Digests have one length, and comparing them tells nothing about where they differ.
    return timingSafeEqual(digest(shown), digest(`Bearer ${token.value.trim()}`));
  }
}

function pathOf({ url = '/' }: IncomingMessage): Delivery['path'] {
  // The API server adds a query, `?timeout=30s`.
  const [path] = url.split('?', 1);
  return path === '/audit' || path === '/falco' ? path : 'other';
}

function refusalOf(error: unknown): Answer {
  if (error instanceof BodyError) return { code: 400, text: error.message };
  if (error instanceof RangeError) return { code: 413, text: error.message };
  return { code: 400, text: 'the body ended early' };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

async function readTls({
  certFile,
  keyFile,
}: NonNullable<ReceiverOptions['tls']>): Promise<{ cert: string; key: string }> {
  const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
  return { cert, key };
}
