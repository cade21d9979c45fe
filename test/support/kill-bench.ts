import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultProxy } from '../faults/proxy.ts';
import { SYNC_KILL_VARIABLE, writeSyncKills, type SyncKill } from '../faults/sync-kill.ts';
import { Administrator } from './administrator.ts';
import { AuditTail } from './audit-tail.ts';
import { stateDirectory, testCluster } from './cluster.ts';
import type { KillPoint } from './kill-points.ts';
import type { InstalledOperator, RunningOperator } from './operator.ts';
import { waitFor } from './wait-for.ts';

const PRELOAD = join(import.meta.dirname, '../faults/kill-at-sync.ts');

/** One operator process after another, each killed on its way, all with the same state: a pod with a volume. */
export class KillBench {
  readonly stateDirectory = stateDirectory('killed');
  readonly admin: Administrator;
  readonly tail: AuditTail;
  readonly #installed: InstalledOperator;
  readonly #proxy: FaultProxy;
  readonly #kubeconfig: string;
  readonly #namespace: string;
  readonly #syncKillFile: string;
  #kills = 0;
  #running: RunningOperator | undefined;
  /** Requests that the proxy had seen when the present process was started. */
  #seenBefore = 0;

  private constructor(
    installed: InstalledOperator,
    namespace: string,
    proxy: FaultProxy,
    kubeconfig: string,
  ) {
    this.#installed = installed;
    this.#namespace = namespace;
    this.#proxy = proxy;
    this.#kubeconfig = kubeconfig;
    this.#syncKillFile = join(this.stateDirectory, 'kill-at-sync.json');
    this.admin = new Administrator(testCluster().kubeconfig);
    this.tail = new AuditTail(testCluster().auditLog, namespace);
  }

  static async open(installed: InstalledOperator, namespace: string): Promise<KillBench> {
    const { name, namespace: home } = installed.release;
    const proxy = await FaultProxy.start(testCluster().kubeconfig);
    const token = await testCluster().kubectl([
      'create',
      'token',
      name,
      `--namespace=${home}`,
      '--duration=24h',
    ]);
    const bench = new KillBench(installed, namespace, proxy, await proxy.kubeconfig(token.trim()));
    await mkdir(bench.stateDirectory, { recursive: true });
    writeSyncKills(bench.#syncKillFile, []);
    return bench;
  }

  /** Starts the next process. Nobody waits for the lease of the one that was killed: it is taken away. */
  async start(): Promise<void> {
    const { name, namespace } = this.#installed.release;
    const lease = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}`;
    await this.admin.send({ method: 'DELETE', path: lease }).catch(ignoreNotFound);
    this.#seenBefore = this.#proxy.requests.length;
    this.#running = await this.#installed.start({
      stateDirectory: this.stateDirectory,
      kubeconfig: this.#kubeconfig,
      imports: [PRELOAD],
      env: { [SYNC_KILL_VARIABLE]: this.#syncKillFile },
    });
  }

  /** The process, or one after it, will die at `point` of the action on the workload `name`. */
  async arm(point: KillPoint, name: string): Promise<void> {
    await point.arm({
      namespace: this.#namespace,
      name,
      proxy: this.#proxy,
      killAtSync: async (kill) => {
        const list = JSON.parse(await readFile(this.#syncKillFile, 'utf8')) as SyncKill[];
        writeSyncKills(this.#syncKillFile, [...list, kill]);
      },
      kill: async () => {
        const { process } = this.#present;
        process.signal('SIGKILL');
        await process.exited;
      },
    });
  }

  get journal(): string {
    return join(this.stateDirectory, 'journal');
  }

  /** Processes killed so far. */
  get kills(): number {
    return this.#kills;
  }

  /** Waits until the present process was killed. */
  async killed(): Promise<void> {
    const { process } = this.#present;
    const status = await waitFor('the operator to be killed', () => process.status);
    if (status.signal !== 'SIGKILL') throw new Error(`the operator ended by itself: ${await process.tail()}`);
    this.#kills += 1;
  }

  /** Whether the present process has read the workload past its caches: before an action, or to find out about one. */
  hasLooked(name: string): boolean {
    return this.#proxy.requests
      .slice(this.#seenBefore)
      .some(
        (one) =>
          one.verb === 'get' && one.resource === 'deployments' && one.name === name && one.status === 200,
      );
  }

  /** Ends the present process in order. */
  async stop(): Promise<void> {
    await this.#running?.process.stop();
  }

  async close(): Promise<void> {
    await this.stop();
    await Promise.all([this.#proxy.stop(), this.admin.close()]);
  }

  get #present(): RunningOperator {
    if (this.#running === undefined) throw new Error('no operator was started yet');
    return this.#running;
  }
}

function ignoreNotFound(error: unknown): void {
  if (!String(error).includes(': 404 ')) throw error;
}
