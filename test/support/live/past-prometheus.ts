import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';

/**
 * A real Prometheus at another time: instant queries are evaluated at the moment that `now` says. Its header with the
 * time of day is left out, for it would tell of the present one.
 */
export class PastPrometheus {
  readonly #server: Server;
  readonly #upstream: Pool;

  private constructor(server: Server, upstream: Pool) {
    this.#server = server;
    this.#upstream = upstream;
  }

  /** @param now ms since the epoch */
  static async start(url: string, now: () => number): Promise<PastPrometheus> {
    const upstream = new Pool(url, { connections: 8 });
    const server = createServer((request, response) => {
      response.sendDate = false;
      ask(upstream, request, now())
        .then(({ status, body }) => {
          response.writeHead(status, { 'content-type': 'application/json' }).end(body);
        })
        .catch(() => response.socket?.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PastPrometheus(server, upstream);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#upstream.close();
  }
}

async function ask(
  upstream: Pool,
  request: IncomingMessage,
  now: number,
): Promise<{ readonly status: number; readonly body: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  form.set('time', String(now / 1000));
  const answer = await upstream.request({
    method: 'POST',
    path: request.url ?? '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  return { status: answer.statusCode, body: await answer.body.text() };
}
