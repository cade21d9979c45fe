import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrometheus, type PrometheusServer } from '../../hack/controlplane/prometheus.ts';
import { PrometheusProxy } from '../faults/prometheus-proxy.ts';
import type { TargetWrite } from '../oracle/history.ts';
import { AuditTail } from './audit-tail.ts';
import {
  apply,
  createNamespace,
  read,
  testCluster,
  waitFor,
  waitForCondition,
  type Condition,
  type KubernetesObject,
} from './cluster.ts';
import { Dial } from './dial.ts';
import { changesOf } from './kill-verdict.ts';
import { policy, workload } from './manifests.ts';
import { InstalledOperator } from './operator.ts';

const POLICIES = 'autonomicpolicies.autonomic.dev';
/** Policies that nothing is wrong with: that they follow proves that the operator went on. Each proves it once. */
const WITNESSES = Array.from({ length: 12 }, (_, index) => `witness-${index + 1}`);

interface Workload extends KubernetesObject {
  readonly spec: { readonly replicas: number };
}

/** One operator that reads a real Prometheus through a faulty proxy, and a dial that says what each workload needs. */
export class BadInputBench {
  readonly namespace: string;
  readonly dial: Dial;
  readonly prometheus: PrometheusServer;
  readonly proxy: PrometheusProxy;
  readonly #directory: string;
  readonly #installed: InstalledOperator;
  readonly #tail: AuditTail;
  readonly #witnesses = [...WITNESSES];

  private constructor(parts: {
    readonly namespace: string;
    readonly dial: Dial;
    readonly prometheus: PrometheusServer;
    readonly proxy: PrometheusProxy;
    readonly directory: string;
    readonly installed: InstalledOperator;
  }) {
    this.namespace = parts.namespace;
    this.dial = parts.dial;
    this.prometheus = parts.prometheus;
    this.proxy = parts.proxy;
    this.#directory = parts.directory;
    this.#installed = parts.installed;
    this.#tail = new AuditTail(testCluster().auditLog, parts.namespace);
  }

  static async open(): Promise<BadInputBench> {
    const directory = await mkdtemp(join(tmpdir(), 'autonomic-bad-input-'));
    const namespace = await createNamespace('bad-input');
    const dial = await Dial.start();
    const scrape = [{ job: 'dial', port: dial.port }];
    const prometheus = await startPrometheus({ dir: directory, scrape, scrapeIntervalSeconds: 1 });
    const proxy = await PrometheusProxy.start(prometheus.url);
    // A pause of seconds instead of a minute between two trials: recovery is what is waited for here.
    const breaker = { pauseSeconds: 0.5, maxPauseSeconds: 1 };
    const installed = await InstalledOperator.install({
      prefix: 'bad-input',
      prometheusUrl: proxy.url,
      config: { prometheus: { breaker } },
    });
    const bench = new BadInputBench({ namespace, dial, prometheus, proxy, directory, installed });
    await bench.deploy(WITNESSES, 1);
    await installed.start();
    return bench;
  }

  async close(): Promise<void> {
    await testCluster().kubectl(['delete', 'autonomicpolicies', '--all', `--namespace=${this.namespace}`]);
    await testCluster().kubectl(['delete', 'namespace', this.namespace, '--wait=false']);
    await this.#installed.uninstall();
    await this.proxy.stop();
    await this.prometheus.stop();
    await this.dial.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }

  named(name: string): { readonly namespace: string; readonly name: string } {
    return { namespace: this.namespace, name };
  }

  want(name: string, replicas: number): void {
    this.dial.want(this.namespace, name, replicas);
  }

  /** Workloads with as many replicas as they need, and a policy for each. */
  async deploy(names: readonly string[], replicas: number): Promise<void> {
    for (const name of names) this.want(name, replicas);
    await apply(
      names.flatMap((name) => [workload(this.named(name), { replicas }), policy(this.named(name))]),
    );
  }

  async replicas(name: string): Promise<number> {
    return (await read<Workload>({ resource: 'deployment', ...this.named(name) })).spec.replicas;
  }

  async scaledTo(name: string, replicas: number): Promise<void> {
    await waitFor(
      `${name} to have ${replicas} replicas`,
      async () => (await this.replicas(name)) === replicas,
    ).catch(async (error: unknown) => {
      const { status } = await read({ resource: POLICIES, ...this.named(name) });
      throw new Error(`${String(error)}\nconditions: ${JSON.stringify(status?.conditions)}`, {
        cause: error,
      });
    });
  }

  /** Waits until the policy `name` has the condition. */
  condition(name: string, type: string, status: Condition['status'], reason: string): Promise<Condition> {
    return waitForCondition({ resource: POLICIES, ...this.named(name) }, { type, status, reason });
  }

  /** kubectl in the namespace of this bench. */
  kubectl(args: readonly string[], stdin?: string): Promise<string> {
    return testCluster().kubectl([...args, `--namespace=${this.namespace}`], stdin);
  }

  /**
   * Waits until the operator has looked at everything anew: a policy that nothing is wrong with has followed two
   * changes one after the other, and each round measures all policies before it evaluates the first.
   */
  async rounds(): Promise<void> {
    const witness = this.#witnesses.shift();
    if (witness === undefined) throw new RangeError('no witness is left: add some to WITNESSES');
    for (const replicas of [2, 3]) {
      this.want(witness, replicas);
      await this.scaledTo(witness, replicas);
    }
  }

  /** The operator's own changes of the workload so far, by the audit log. */
  async changes(name: string): Promise<readonly TargetWrite[]> {
    return changesOf(await this.#tail.history(), this.named(name));
  }
}
