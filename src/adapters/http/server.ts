import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A question that a probe may ask. An empty answer means yes; anything else says what is wrong. */
export type Check = () => string;

export interface Endpoints {
  /** The process is alive: the event loop turns and the watches are not wedged. */
  readonly healthy: Check;
  /** The caches are filled. A standby that is not the leader is ready too. */
  readonly ready: Check;
  /** Prometheus exposition and its content type. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
}

/** Serves `/healthz`, `/readyz` and `/metrics`; read-only, nothing else. */
export class ObservationServer {
  readonly #server: Server;

  constructor(endpoints: Endpoints) {
    this.#server = createServer((request, response) => {
      void respond(endpoints, request, response);
    });
    // A scraper that stalls must not hold a socket for ever.
    this.#server.requestTimeout = 10_000;
    this.#server.headersTimeout = 5_000;
  }

  /** Listens; port 0 takes a free one. Returns the port. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }
}

async function respond(
  endpoints: Endpoints,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0];
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    send(response, 405, 'only GET is served here\n');
  } else if (path === '/healthz') {
    probe(response, endpoints.healthy());
  } else if (path === '/readyz') {
    probe(response, endpoints.ready());
  } else if (path === '/metrics') {
    const { contentType, body } = await endpoints.metrics();
    send(response, 200, body, contentType);
  } else {
    send(response, 404, 'served here: /healthz, /readyz, /metrics\n');
  }
}

function probe(response: ServerResponse, problem: string): void {
  send(response, problem === '' ? 200 : 503, problem === '' ? 'ok\n' : `${problem}\n`);
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  contentType = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
