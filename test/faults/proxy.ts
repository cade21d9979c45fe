import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type RequestOptions, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request as send, type Dispatcher } from 'undici';
import { loadKubeConfig } from '../../src/adapters/kubernetes/kubeconfig.ts';
import { makeCertificate, type Certificate } from '../support/certificates.ts';
import { faultyBody } from './body-faults.ts';
import { ArmedRule, matches, type Fault, type Rule } from './fault.ts';
import { describeRequest, type KubeRequestInfo } from './kube-request.ts';

/** A request that came through, in order of arrival. */
export interface SeenRequest extends KubeRequestInfo {
  readonly url: string;
  /** As answered to the client; undefined until then, and for ever when it was not. */
  readonly status: number | undefined;
}

interface Upstream {
  readonly server: string;
  /** Headers of the source kubeconfig's user. */
  readonly headers: Readonly<Record<string, string>>;
  /** With the source kubeconfig's client certificate. */
  readonly identified: Dispatcher;
  /** Without: a bearer token that the client sends must be what the API server goes by. */
  readonly anonymous: Dispatcher;
}

/** A request under way, and what is to go wrong with it. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly response: ServerResponse;
  readonly info: KubeRequestInfo;
  readonly faults: readonly Fault[];
}

interface Stream {
  readonly info: KubeRequestInfo;
  readonly response: ServerResponse;
  silent: boolean;
}

/**
 * An HTTPS proxy in front of a real API server that breaks requests on demand. Bearer tokens pass through, so RBAC
 * is the real one; a client without one acts as the user of the kubeconfig that the proxy was given.
 */
export class FaultProxy {
  readonly requests: readonly SeenRequest[];
  readonly #requests: { status: number | undefined }[] = [];
  readonly #upstream: Upstream;
  readonly #authority: Certificate;
  readonly #directory: string;
  readonly #server: Server;
  readonly #streams = new Set<Stream>();
  #rules: ArmedRule[] = [];
  readonly #stopped = new AbortController();
  #kubeconfigs = 0;

  private constructor(upstream: Upstream, directory: string) {
    this.#upstream = upstream;
    this.#directory = directory;
    this.requests = this.#requests as unknown as SeenRequest[];
    this.#authority = makeCertificate('fault-proxy-ca');
    const { cert, key } = makeCertificate('fault-proxy', this.#authority);
    this.#server = createServer({ cert, key }, (request, response) => {
      void this.#serve(request, response);
    });
  }

  static async start(kubeconfig: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(await upstreamOf(kubeconfig), await mkdtemp(join(tmpdir(), 'fault-proxy-')));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Writes a kubeconfig that leads through the proxy; with the given token, or as the proxy's own user. */
  async kubeconfig(token?: string): Promise<string> {
    this.#kubeconfigs += 1;
    const path = join(this.#directory, `${this.#kubeconfigs}.kubeconfig`);
    const authority = Buffer.from(this.#authority.cert).toString('base64');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'proxy', cluster: { server: this.url, 'certificate-authority-data': authority } }],
      users: [{ name: 'client', user: token === undefined ? {} : { token } }],
      contexts: [{ name: 'proxy', context: { cluster: 'proxy', user: 'client' } }],
      'current-context': 'proxy',
    };
    await writeFile(path, JSON.stringify(config), { mode: 0o600 });
    return path;
  }

  /** Puts a rule in force for requests yet to come. */
  add(rule: Rule): ArmedRule {
    const armed = new ArmedRule(rule);
    this.#rules.push(armed);
    return armed;
  }

  clearRules(): void {
    this.#rules = [];
  }

  /** Watches that are open now. */
  openStreams(pattern: Partial<KubeRequestInfo> = {}): number {
    return [...this.#streams].filter((stream) => matches(pattern, stream.info)).length;
  }

  /** Breaks open watches: by closing the connection, by a clean end, or by sending nothing more while staying open. */
  breakStreams(how: 'reset' | 'end' | 'silence', pattern: Partial<KubeRequestInfo> = {}): void {
    for (const stream of this.#streams) {
      if (!matches(pattern, stream.info)) continue;
      if (how === 'reset') reset(stream.response);
      else if (how === 'end') stream.response.end();
      else stream.silent = true;
    }
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await Promise.all([this.#upstream.identified.destroy(), this.#upstream.anonymous.destroy()]);
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const info = describeRequest(request.method ?? '', request.url ?? '/');
    const seen = { ...info, url: request.url, status: undefined as number | undefined };
    this.#requests.push(seen);
    response.on('finish', () => {
      seen.status = response.statusCode;
    });
    try {
      const body = await readBody(request);
      const faults = this.#rules.flatMap((rule) => rule.take(info, body.toString()) ?? []);
      if (await this.#beforeForward(info, faults, response)) return;
      await this.#forward({ request, body, response, info, faults });
      for (const fault of callsAt(faults, 'afterReply')) await fault.run(info);
    } catch {
      // A cut body, a client that went away, a server that is gone: the client sees a broken connection.
      reset(response);
    }
  }

  /** True when the request is dealt with and must not be forwarded. */
  async #beforeForward(
    info: KubeRequestInfo,
    faults: readonly Fault[],
    response: ServerResponse,
  ): Promise<boolean> {
    for (const fault of faults) {
      if (fault.kind === 'delay') await sleep(fault.ms, undefined, { signal: this.#stopped.signal });
      if (fault.kind === 'call' && fault.when === 'beforeForward') await fault.run(info);
      if (fault.kind === 'blackhole') return true;
      if (fault.kind === 'reset') {
        reset(response);
        return true;
      }
      if (fault.kind === 'status') {
        response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
        response.end(typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {}));
        return true;
      }
    }
    return false;
  }

  async #forward({ request, body: sent, response, info, faults }: Exchange): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const answer = await this.#send(request, sent, gone.signal);
    // A watch is passed on as it comes; anything else is complete, and so done by the server, before the client
    // hears of it.
    const body = info.verb === 'watch' ? answer.body : [Buffer.from(await answer.body.arrayBuffer())];
    for (const fault of callsAt(faults, 'afterForward')) await fault.run(info);
    const { connection: _, 'transfer-encoding': __, 'content-length': ___, ...headers } = answer.headers;
    response.writeHead(answer.statusCode, headers as Record<string, string>).flushHeaders();
    const stream: Stream = { info, response, silent: false };
    if (info.verb === 'watch') this.#streams.add(stream);
    try {
      for await (const chunk of faultyBody(iterate(body), faults)) {
        if (!stream.silent) response.write(chunk);
      }
    } finally {
      this.#streams.delete(stream);
    }
    if (!stream.silent) await new Promise<void>((resolve) => response.end(resolve));
  }

  async #send(request: IncomingMessage, body: Buffer, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    // Compressed answers could not be rewritten by line.
    const { host: _, connection: __, 'accept-encoding': ___, ...headers } = request.headers;
    const own = request.headers.authorization !== undefined;
    const { server, identified, anonymous } = this.#upstream;
    return send(new URL(request.url ?? '/', server), {
      method: request.method ?? 'GET',
      headers: own ? headers : { ...headers, ...this.#upstream.headers },
      body: body.length === 0 ? null : body,
      dispatcher: own ? anonymous : identified,
      signal,
    });
  }
}

async function upstreamOf(kubeconfig: string): Promise<Upstream> {
  const config = loadKubeConfig({ kubeconfig });
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key } = options;
  const timeouts = { headersTimeout: 0, bodyTimeout: 0, allowH2: false };
  const authorization = (options.headers as Record<string, string> | undefined)?.['Authorization'];
  return {
    server: config.getCurrentCluster()?.server ?? '',
    headers: authorization === undefined ? {} : { authorization },
    identified: new Agent({ ...timeouts, connect: { ca, cert, key } as object }),
    anonymous: new Agent({ ...timeouts, connect: { ca } as object }),
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

type Call = Extract<Fault, { kind: 'call' }>;

function callsAt(faults: readonly Fault[], when: Call['when']): Call[] {
  return faults.filter((fault): fault is Call => fault.kind === 'call' && fault.when === when);
}

async function* iterate(body: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) yield chunk as Uint8Array;
}

/** Closes the connection in the middle of whatever it carries. */
function reset(response: ServerResponse): void {
  response.socket?.destroy();
}
