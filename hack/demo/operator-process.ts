import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import type { Cluster } from '../controlplane/cluster.ts';
import { LeashedProcess } from '../controlplane/process.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A Helm release. Roles of the cluster carry its name, so two in one cluster need two names. */
export interface Release {
  /** Holds `autonomic`, so that the chart's objects are called just so. */
  readonly name: string;
  readonly namespace: string;
}

/** Where the chart of the demonstration is installed. */
export const RELEASE: Release = { name: 'autonomic', namespace: 'autonomic-system' };

export interface ChartOptions {
  readonly helm: string;
  readonly prometheusUrl: string;
  readonly config?: Readonly<Record<string, unknown>>;
  /** Default: the demonstration's. */
  readonly release?: Release;
  /** Besides `config`. */
  readonly values?: Readonly<Record<string, unknown>>;
}

/** Installs the chart as a user would. KWOK plays the pod; the program itself is started beside it. */
export async function installChart(
  cluster: Cluster,
  { helm, prometheusUrl, config, release = RELEASE, values }: ChartOptions,
): Promise<void> {
  const file = join(cluster.dir, `${release.namespace}.${release.name}.values.yaml`);
  await writeFile(
    file,
    stringify({
      ...values,
      config: {
        ...config,
        prometheus: { url: prometheusUrl, scrapeIntervalSeconds: 15, ...prometheusOf(config) },
      },
    }),
  );
  await runHelm(cluster, helm, [
    'install',
    release.name,
    join(ROOT, 'helm/autonomic'),
    '--namespace',
    release.namespace,
    '--create-namespace',
    '--values',
    file,
  ]);
}

function prometheusOf(config: ChartOptions['config']): object {
  const prometheus = config?.['prometheus'];
  return typeof prometheus === 'object' && prometheus !== null ? prometheus : {};
}

export async function runHelm(cluster: Cluster, helm: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, KUBECONFIG: cluster.kubeconfig, HELM_CACHE_HOME: join(cluster.dir, 'helm') };
  const { stdout } = await promisify(execFile)(helm, args, { env });
  return stdout;
}

export interface OperatorOptions {
  readonly keeper: string;
  /** Default: the demonstration's. */
  readonly release?: Release;
  /** Where journal and knowledge store are kept. */
  readonly stateDirectory: string;
  /** Loaded before the program: tests put faults there. */
  readonly imports?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Of the metrics and probes, on 127.0.0.1; any free one by default. */
  readonly httpPort?: number;
  /** A kubeconfig instead of the ServiceAccount's own, such as one that leads through a faulty proxy. */
  readonly kubeconfig?: string;
}

/**
 * Starts the operator as the chart's ServiceAccount, with the configuration that the chart made: only the folder and
 * the port are this machine's.
 */
export async function startOperatorProcess(
  cluster: Cluster,
  options: OperatorOptions,
): Promise<LeashedProcess> {
  const { release = RELEASE } = options;
  const config = await chartConfiguration(cluster, release);
  await mkdir(options.stateDirectory, { recursive: true });
  const file = join(options.stateDirectory, 'config.yaml');
  await writeFile(
    file,
    stringify({
      ...config,
      stateDirectory: options.stateDirectory,
      http: { host: '127.0.0.1', port: options.httpPort ?? 0 },
    }),
  );
  const kubeconfig =
    options.kubeconfig ?? (await cluster.serviceAccountKubeconfig(release.namespace, release.name));
  const imports = (options.imports ?? []).flatMap((path) => ['--import', path]);
  return new LeashedProcess({
    keeper: options.keeper,
    program: process.execPath,
    args: [...imports, join(ROOT, 'src/main.ts'), '--config', file, '--kubeconfig', kubeconfig],
    logFile: join(options.stateDirectory, 'operator.log'),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
}

async function chartConfiguration(
  cluster: Cluster,
  { name, namespace }: Release,
): Promise<Record<string, unknown>> {
  const configMap = ['configmap', name, '--namespace', namespace];
  const map = JSON.parse(await cluster.kubectl(['get', ...configMap, '--output', 'json'])) as {
    data: { 'config.yaml': string };
  };
  return parse(map.data['config.yaml']) as Record<string, unknown>;
}
