import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request as send } from 'undici';

/** An answer of the real Prometheus that is about to be spoilt. */
interface Passing {
  readonly body: string;
  readonly response: ServerResponse;
}

type PrometheusFault = (passing: Passing) => void;

/** More than the operator reads of one answer (`maxAnswerBytes`, 5 MB by default), by far. */
const OVERSIZE_BYTES = 50_000_000;

const html = '<!doctype html><html><head><title>Sign in</title></head><body>Please sign in</body></html>';

/** What a Prometheus, or what stands before it, may do to a query. */
const PROMETHEUS_FAULTS = {
  /** The connection is reset. */
  down: ({ response }) => response.socket?.destroy(),
  'status 500': ({ response }) => response.writeHead(500, { 'content-type': 'text/plain' }).end('no space'),
  /** A login page with status 200. */
  HTML: ({ response }) => response.writeHead(200, { 'content-type': 'text/html' }).end(html),
  /** The beginning of the true answer, as if it were complete. */
  truncated: ({ body, response }) => answer(response, body.slice(0, Math.ceil(body.length / 2))),
  /** The connection breaks in the middle of the answer. */
  cut: ({ body, response }) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.write(body.slice(0, Math.ceil(body.length / 2)), () => response.socket?.destroy());
  },
  /** The same series twice. */
  'the same series twice': ({ body, response }) =>
    rewrite(response, body, (data) => ({ data: { ...data, result: [...data.result, ...data.result] } })),
  '50 MB': ({ response }) => answer(response, ' '.repeat(OVERSIZE_BYTES)),
  'no series': ({ body, response }) => rewrite(response, body, (data) => ({ data: { ...data, result: [] } })),
  'a warning': ({ body, response }) =>
    rewrite(response, body, (data) => ({ data, warnings: ['store gateway 2 of 3 is not there'] })),
} as const satisfies Record<string, PrometheusFault>;

export type PrometheusFaultName = keyof typeof PROMETHEUS_FAULTS;

/** A proxy before a real Prometheus that spoils the answers to all queries, or only to those about one workload. */
export class PrometheusProxy {
  /** Range queries so far: period and step, seconds. */
  readonly ranges: { readonly start: number; readonly end: number; readonly step: number }[] = [];
  readonly #server: Server;
  readonly #upstream: string;
  readonly #byApp = new Map<string, PrometheusFault>();
  #always: PrometheusFault | undefined;
  #asked = 0;

  private constructor(upstream: string) {
    this.#upstream = upstream;
    this.#server = createServer((request, response) => {
      // Prometheus is gone: so is what stands before it.
      this.#serve(request, response).catch(() => response.socket?.destroy());
    });
  }

  static async start(upstream: string): Promise<PrometheusProxy> {
    const proxy = new PrometheusProxy(upstream);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Queries so far. */
  get asked(): number {
    return this.#asked;
  }

  /** From now on, for all queries or for those with the matcher `app="<app>"`. */
  spoil(fault: PrometheusFaultName, app?: string): void {
    if (app === undefined) this.#always = PROMETHEUS_FAULTS[fault];
    else this.#byApp.set(app, PROMETHEUS_FAULTS[fault]);
  }

  /** Ends the fault of one workload, or the one for all queries. */
  mend(app?: string): void {
    if (app === undefined) this.#always = undefined;
    else this.#byApp.delete(app);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#asked += 1;
    const form = await textOf(request);
    if (request.url?.endsWith('/query_range') === true) this.#noteRange(new URLSearchParams(form));
    const answered = await send(new URL(request.url ?? '/', this.#upstream), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form,
    });
    const body = await answered.body.text();
    const fault = this.#faultFor(new URLSearchParams(form).get('query') ?? '');
    if (fault === undefined) answer(response, body, answered.statusCode);
    else fault({ body, response });
  }

  #noteRange(form: URLSearchParams): void {
    const of = (name: string): number => Number.parseFloat(form.get(name) ?? '');
    this.ranges.push({ start: of('start'), end: of('end'), step: of('step') });
  }

  #faultFor(query: string): PrometheusFault | undefined {
    const app = /\bapp="([^"]*)"/.exec(query)?.[1];
    return this.#always ?? (app === undefined ? undefined : this.#byApp.get(app));
  }
}

interface VectorData {
  readonly resultType: string;
  readonly result: readonly unknown[];
}

function rewrite(response: ServerResponse, body: string, change: (data: VectorData) => object): void {
  const { data, ...rest } = JSON.parse(body) as { data: VectorData };
  answer(response, JSON.stringify({ ...rest, ...change(data) }));
}

function answer(response: ServerResponse, body: string, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
