import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { paths } from '../controlplane/components.ts';
import { startControlPlane, type ControlPlane } from '../controlplane/control-plane.ts';
import { startPrometheus, type PrometheusServer } from '../controlplane/prometheus.ts';
import { writeHistory } from '../world/history.ts';
import type { WorkloadSpec } from '../world/workload.ts';
import { startWorld, type World } from '../world/world.ts';

export interface StageOptions {
  readonly workloads: readonly WorkloadSpec[];
  /** Where the workloads' past begins, ms since the epoch; no past when left out. */
  readonly from?: number;
  /** Median time from a pod's binding to its readiness. */
  readonly startUpSeconds: number;
  readonly scrapeIntervalSeconds: number;
  /** Applied before the world looks at the cluster: namespaces and Deployments. */
  readonly objects: readonly object[];
  readonly progress: (line: string) => void;
}

/** A control plane with fake nodes, a Prometheus with a past, and the world that joins them. */
export interface Stage {
  readonly cluster: ControlPlane;
  readonly prometheus: PrometheusServer;
  readonly world: World;
  readonly stop: () => Promise<void>;
}

const JOB = 'world';

export async function openStage(options: StageOptions): Promise<Stage> {
  const { workloads, progress } = options;
  progress('starting etcd, API server, controller manager, scheduler and KWOK');
  const cluster = await startControlPlane({
    startUp: { medianSeconds: options.startUpSeconds },
    handleSignals: false,
  });
  const ends: (() => Promise<void>)[] = [() => cluster.stop()];
  const stop = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    await cluster.kubectl(['apply', '--filename', '-'], manifest(options.objects));
    const pki = join(paths.pki(cluster.dir), 'serving');
    const world = await startWorld({
      kubeconfig: cluster.kubeconfig,
      workloads,
      metricsApi: { cert: `${pki}.crt`, key: `${pki}.key` },
      onProblem: (message) => progress(`world: ${message}`),
    });
    ends.push(() => world.stop());
    await cluster.kubectl(['apply', '--filename', '-'], manifest(world.registration));

    const dir = join(cluster.dir, 'prometheus');
    await mkdir(dir, { recursive: true });
    const history = options.from === undefined ? [] : await fillPast(dir, options, options.from, world.port);
    progress('starting Prometheus');
    const prometheus = await startPrometheus({
      dir,
      scrape: [{ job: JOB, port: world.port }],
      scrapeIntervalSeconds: options.scrapeIntervalSeconds,
      history,
    });
    ends.push(() => prometheus.stop());
    return { cluster, prometheus, world, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function fillPast(
  dir: string,
  { workloads, progress, scrapeIntervalSeconds: stepSeconds }: StageOptions,
  from: number,
  port: number,
): Promise<string[]> {
  const until = Date.now();
  progress(`writing ${((until - from) / 86_400_000).toFixed(1)} days of history`);
  // The middle: the live scrapes' own is not known yet, and rates of the past should be about as old as theirs.
  const span = { from, until, stepSeconds, offsetSeconds: stepSeconds / 2 };
  return writeHistory(dir, { workloads, ...span, job: JOB, instance: `127.0.0.1:${port}` });
}

export function manifest(objects: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
}
