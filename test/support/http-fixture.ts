import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A request that the fixture received, with its form. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly form: URLSearchParams;
  readonly body: string;
}

export type Reply = (request: ReceivedRequest, response: ServerResponse) => void;

export interface HttpFixture {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** Changes how further requests are answered. */
  reply(reply: Reply): void;
  stop(): Promise<void>;
}

/** A local HTTP(S) server on a free port that answers as a test says. */
export async function startHttpFixture(reply: Reply, tls?: ServerOptions): Promise<HttpFixture> {
  const requests: ReceivedRequest[] = [];
  let current = reply;
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const received = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        form: new URLSearchParams(body),
        body,
      };
      requests.push(received);
      current(received, response);
    });
  };
  const server: Server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests,
    reply: (next) => {
      current = next;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers every request with `body`. */
export function respond(body: string, status = 200, headers: Record<string, string> = {}): Reply {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };
}

/** The body of a successful instant query: label set and value of each series, all at `atSeconds`. */
export function vectorBody(
  series: readonly (readonly [Record<string, string>, string])[],
  atSeconds: number,
): string {
  const result = series.map(([metric, value]) => ({ metric, value: [atSeconds, value] }));
  return JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
}
