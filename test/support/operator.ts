import { randomBytes } from 'node:crypto';
import {
  installChart,
  runHelm,
  startOperatorProcess,
  type Release,
} from '../../hack/demo/operator-process.ts';
import type { LeashedProcess } from '../../hack/controlplane/process.ts';
import { ensureTools } from '../../hack/tools/tools.ts';
import { createNamespace, stateDirectory, testCluster } from './cluster.ts';

export interface InstallOptions {
  /** Of namespace and release. */
  readonly prefix: string;
  readonly prometheusUrl: string;
  /** Replaces members of the tests' quick configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface StartOptions {
  /** Another operator's, to go on where it stopped; a new one by default. */
  readonly stateDirectory?: string;
  readonly imports?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly kubeconfig?: string;
}

export interface RunningOperator {
  readonly process: LeashedProcess;
  readonly stateDirectory: string;
}

/** Evaluates each second, and does not wait for a past. */
const QUICK = { tickSeconds: 1, outcomeWindowSeconds: 2, historyDays: 0 };
const QUICK_PROMETHEUS = { scrapeIntervalSeconds: 1 };

/** The chart, installed as a user would; the operator itself runs here, as the chart's ServiceAccount. */
export class InstalledOperator {
  readonly release: Release;
  readonly #helm: string;
  readonly #started: LeashedProcess[] = [];
  #removed = false;

  private constructor(release: Release, helm: string) {
    this.release = release;
    this.#helm = helm;
  }

  static async install({ prefix, prometheusUrl, config = {} }: InstallOptions): Promise<InstalledOperator> {
    const { helm } = await ensureTools();
    // Roles of the cluster carry the release's name, so each test has its own.
    const release = {
      name: `autonomic-${prefix}-${randomBytes(3).toString('hex')}`,
      namespace: await createNamespace(`autonomic-${prefix}`),
    };
    const { prometheus, ...rest } = config;
    await installChart(testCluster(), {
      helm,
      prometheusUrl,
      release,
      config: {
        ...QUICK,
        ...rest,
        prometheus: { ...QUICK_PROMETHEUS, ...(prometheus as object | undefined) },
      },
      // They are in the cluster already, for all tests.
      values: { crds: { enabled: false } },
    });
    return new InstalledOperator(release, helm);
  }

  /** User name of the operator's requests. */
  get user(): string {
    return `system:serviceaccount:${this.release.namespace}:${this.release.name}`;
  }

  async start(options: StartOptions = {}): Promise<RunningOperator> {
    const cluster = testCluster();
    const directory = options.stateDirectory ?? stateDirectory();
    const process = await startOperatorProcess(cluster, {
      ...options,
      keeper: cluster.coordinates.tools.keeper,
      release: this.release,
      stateDirectory: directory,
    });
    this.#started.push(process);
    return { process, stateDirectory: directory };
  }

  /** Stops every operator that was started and takes the chart away. */
  async uninstall(): Promise<void> {
    await Promise.all(this.#started.map((process) => process.stop()));
    await this.removeChart();
    await testCluster().kubectl(['delete', 'namespace', this.release.namespace, '--wait=false']);
  }

  /** `helm uninstall`; what was started here goes on, without the account that it acted as. */
  async removeChart(): Promise<void> {
    if (this.#removed) return;
    this.#removed = true;
    const { name, namespace } = this.release;
    await runHelm(testCluster(), this.#helm, ['uninstall', name, '--namespace', namespace]);
  }
}
