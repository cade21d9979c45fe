import { createHash } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import { ClusterAccessError, loadKubeConfig, type ClusterAccess } from './kubeconfig.ts';

/** How to send one request: where, through which connections, with which headers. */
export interface Endpoint {
  /** Address of the API server without a trailing slash; it may have a path (an API gateway in front). */
  readonly server: string;
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
}

/** Below the 60 s after which cloud load balancers forget an idle connection without telling either side. */
const KEEP_ALIVE_MS = 30_000;
/** Time for TCP and TLS; a request's own deadline may be shorter. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Authentication of every request, by client-node's KubeConfig: tokens, token files, certificates, exec plugins.
 * It is asked anew for each request because tokens rotate. KubeConfig would build new connections each time, so
 * they are kept here and replaced only when certificates change.
 */
export class Credentials {
  readonly #access: ClusterAccess;
  #config: ReturnType<typeof loadKubeConfig>;
  #connections: { readonly fingerprint: string; readonly dispatcher: Dispatcher } | undefined;

  constructor(access: ClusterAccess) {
    this.#access = access;
    this.#config = loadKubeConfig(access);
  }

  async endpoint(): Promise<Endpoint> {
    const options: RequestOptions = {};
    await this.#config.applyToHTTPSOptions(options);
    const server = this.#config.getCurrentCluster()?.server ?? '';
    return {
      server: server.replace(/\/+$/, ''),
      dispatcher: this.#dispatcher(options),
      headers: headersOf(options),
    };
  }

  /** Forgets cached tokens and reads all files again: the server has just refused what we sent. */
  reload(): void {
    this.#config = loadKubeConfig(this.#access);
  }

  /** Closes all connections at once; open requests fail. */
  async close(): Promise<void> {
    await this.#connections?.dispatcher.destroy();
  }

  #dispatcher(options: RequestOptions): Dispatcher {
    const { ca, cert, key, passphrase, servername, rejectUnauthorized } = options;
    const proxy = this.#config.getCurrentCluster()?.proxyUrl ?? undefined;
    const tls = withoutUndefined({ ca, cert, key, passphrase, servername, rejectUnauthorized });
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([tls, proxy]))
      .digest('hex');
    if (this.#connections?.fingerprint !== fingerprint) {
      // Running requests and watches finish on the connections they have.
      void this.#connections?.dispatcher.close();
      this.#connections = { fingerprint, dispatcher: connect(tls, proxy) };
    }
    return this.#connections.dispatcher;
  }
}

function connect(tls: Record<string, unknown>, proxy: string | undefined): Dispatcher {
  const shared = {
    // One connection carries one stream: a half-open one then harms that stream alone.
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Deadlines are the client's: a watch is silent for minutes with nothing wrong.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const socket = { timeout: CONNECT_TIMEOUT_MS, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
  if (proxy === undefined) return new Agent({ ...shared, connect: { ...tls, ...socket } });
  if (!/^https?:/.test(proxy)) {
    throw new ClusterAccessError(
      `kubeconfig: proxy-url '${proxy}' is not supported; allowed are http:// and https://`,
    );
  }
  return new ProxyAgent({ ...shared, uri: proxy, requestTls: tls, connect: socket });
}

function headersOf(options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (typeof value === 'string') headers[name.toLowerCase()] = value.trim();
  }
  if (typeof options.auth === 'string') {
    headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  }
  return headers;
}

function withoutUndefined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
