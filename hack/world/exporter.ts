import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exporter {
  readonly port: number;
  stop(): Promise<void>;
}

/** Serves `metrics()` at /metrics on a free port of 127.0.0.1. */
export async function startExporter(metrics: () => string): Promise<Exporter> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('metrics are at /metrics\n');
      return;
    }
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(metrics());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
