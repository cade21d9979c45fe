import { readFileSync } from 'node:fs';
import { apiReader, type ApiReader } from './api-reader.ts';
import { startExporter, type Exporter } from './exporter.ts';
import type { Fault } from './faults.ts';
import { Loop } from './loop.ts';
import { metricsApiRegistration, startMetricsApi, type MetricsApi } from './metrics-api.ts';
import type { Accounts, WorkloadKey, WorkloadSpec } from './workload.ts';

export interface WorldOptions {
  /** Path of a kubeconfig that may list pods, deployments, stateful sets and nodes. */
  readonly kubeconfig: string;
  readonly workloads: readonly WorkloadSpec[];
  /** Equal seeds draw equal arrivals; 1 when not given. */
  readonly seed?: number;
  /** Paths of a serving certificate and its key: serves metrics.k8s.io too. */
  readonly metricsApi?: { readonly cert: string; readonly key: string };
  /** Told when the API server cannot be read; the world goes on with the pods that it knew. */
  readonly onProblem?: (message: string) => void;
}

export interface World {
  /** Of the exporter: metrics at http://127.0.0.1:port/metrics. */
  readonly port: number;
  /** Objects to apply so that the API server finds metrics.k8s.io here; none when it is not served. */
  readonly registration: readonly object[];
  accounts(): ReadonlyMap<WorkloadKey, Accounts>;
  inject(workload: WorkloadKey, fault: Fault): void;
  /** Ends the workload's fault, if it has one. */
  clear(workload: WorkloadKey): void;
  stop(): Promise<void>;
}

/** Starts the closed loop: each second the load meets the pods that are ready then, and the exporter shows it. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const tls = options.metricsApi && readPair(options.metricsApi);
  const reader = await apiReader(options.kubeconfig);
  const loop = new Loop({ seed: 1, onProblem: () => undefined, ...options }, reader);
  await loop.look();
  const exporter = await startExporter(() => loop.metrics());
  const metricsApi = tls && (await startMetricsApi(loop, tls));
  loop.start();
  return {
    port: exporter.port,
    registration: metricsApi === undefined ? [] : metricsApiRegistration(metricsApi.port),
    accounts: () => loop.accounts(),
    inject: (workload, fault) => loop.inject(workload, fault),
    clear: (workload) => loop.clear(workload),
    stop: () => stopAll(loop, exporter, reader, metricsApi),
  };
}

function readPair({ cert, key }: { cert: string; key: string }): { cert: string; key: string } {
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}

async function stopAll(
  loop: Loop,
  exporter: Exporter,
  reader: ApiReader,
  metricsApi?: MetricsApi,
): Promise<void> {
  await loop.stop();
  await Promise.all([exporter.stop(), metricsApi?.stop(), reader.stop()]);
}
