import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';

/** What each pod serves, per second. */
export interface PodLoad {
  requests: number;
  bad: number;
}

interface ExposingPod {
  readonly server: Server;
  /** Requests since its process began, and until when they are counted. */
  served: number;
  bad: number;
  at: number;
  reads: number;
}

/**
 * What containers would serve at their pods' own addresses. Fake pods of a node whose `podCIDR` lies in 127.0.0.0/8 have
 * addresses of this machine, each of which can be listened on.
 */
export class ExposingPods {
  readonly port: number;
  /** Changes what is served from now on. */
  readonly load: PodLoad = { requests: 0, bad: 0 };
  readonly #pods = new Map<string, ExposingPod>();

  private constructor(port: number) {
    this.port = port;
  }

  /** On a port that is free now; no pod listens yet. */
  static async create(): Promise<ExposingPods> {
    const probe = createTcpServer();
    await new Promise<void>((resolve) => probe.listen(0, '0.0.0.0', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    return new ExposingPods(port);
  }

  /** A process starts in the pod: its counters begin at zero. */
  async start(ip: string): Promise<void> {
    const server = createServer(({ url, method }, response) => {
      if (method !== 'GET' || url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      pod.reads += 1;
      this.#serve(pod);
      response.end(exposition(pod));
    });
    const pod: ExposingPod = { server, served: 0, bad: 0, at: Date.now(), reads: 0 };
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, ip, resolve);
    });
    this.#pods.set(ip, pod);
  }

  /** The process ends: connections are refused. */
  async stop(ip: string): Promise<void> {
    const pod = this.#pods.get(ip);
    this.#pods.delete(ip);
    if (pod === undefined) return;
    await new Promise((resolve) => {
      pod.server.close(resolve);
      pod.server.closeAllConnections();
    });
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#pods.keys()].map((ip) => this.stop(ip)));
  }

  /** How often the pod's metrics were read. */
  reads(ip: string): number {
    return this.#pods.get(ip)?.reads ?? 0;
  }

  #serve(pod: ExposingPod): void {
    const now = Date.now();
    const seconds = (now - pod.at) / 1000;
    pod.served += this.load.requests * seconds;
    pod.bad += this.load.bad * seconds;
    pod.at = now;
  }
}

function exposition({ served, bad }: ExposingPod): string {
  const good = served - bad;
  return [
    '# TYPE http_request_duration_seconds histogram',
    `http_request_duration_seconds_bucket{handler="/",le="0.4"} ${good}`,
    `http_request_duration_seconds_bucket{handler="/",le="+Inf"} ${served}`,
    `http_request_duration_seconds_sum{handler="/"} ${served / 10}`,
    `http_request_duration_seconds_count{handler="/"} ${served}`,
    'http_request_duration_seconds_count{handler="/metrics"} 1000000',
    '',
  ].join('\n');
}
