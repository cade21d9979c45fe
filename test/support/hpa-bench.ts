import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startControlPlane, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { behaviorSchema } from '../../src/api/spec/behavior.ts';
import type { HpaBehavior } from '../../src/simulate/rivals/hpa-reconciler.ts';
import { AuditTail } from './audit-tail.ts';
import { apply, createNamespace } from './cluster.ts';
import { replay, type Agreement } from './hpa-agreement.ts';
import type { HpaCase } from './hpa-cases.ts';
import { HpaKubelet } from './hpa-kubelet.ts';
import { HpaMetricsServer } from './hpa-metrics-server.ts';
import { autoscalerOf, deploymentOf, quotaOf } from './hpa-objects.ts';
import { HpaPlant } from './hpa-plant.ts';
import { PodLog } from './hpa-pod-log.ts';
import { rivalOf } from './hpa-rivals.ts';
import { hpaSyncs } from './hpa-syncs.ts';
import { waitFor } from './wait-for.ts';

/** Real pods take their time to start; the spread makes syncs meet some that are ready and some that are not. */
const START_UP = { medianSeconds: 2, spread: 0.4 };
/** Room for every pod: 16 cores each. */
const NODES = 9;
/** Above a second, because the loop's history joins what happens within one; below any window of the cases. */
const SYNC_PERIOD_SECONDS = 2;
const ACT_EVERY_MS = 500;

/** A control plane with the kube-controller-manager's own flags except for the sync period, and a script for its HPAs. */
export class HpaBench {
  readonly #controlPlane: ControlPlane;
  readonly #namespace: string;
  readonly #cases: readonly HpaCase[];
  readonly #pods: PodLog;
  readonly #kubelet: HpaKubelet;
  readonly #plant: HpaPlant;
  readonly #metrics: HpaMetricsServer;

  private constructor(parts: {
    readonly controlPlane: ControlPlane;
    readonly namespace: string;
    readonly cases: readonly HpaCase[];
    readonly pods: PodLog;
    readonly kubelet: HpaKubelet;
    readonly plant: HpaPlant;
    readonly metrics: HpaMetricsServer;
  }) {
    this.#controlPlane = parts.controlPlane;
    this.#namespace = parts.namespace;
    this.#cases = parts.cases;
    this.#pods = parts.pods;
    this.#kubelet = parts.kubelet;
    this.#plant = parts.plant;
    this.#metrics = parts.metrics;
  }

  /** Starts everything; the autoscalers begin when the metrics APIs and a ready pod of each workload are there. */
  static async start(cases: readonly HpaCase[]): Promise<HpaBench> {
    const hpa = { syncPeriodSeconds: SYNC_PERIOD_SECONDS };
    const controlPlane = await startControlPlane({ nodes: NODES, startUp: START_UP, hpa });
    try {
      const namespace = await createNamespace('hpa', controlPlane);
      const { kubeconfig } = controlPlane;
      const pods = PodLog.follow(kubeconfig, namespace);
      const kubelet = new HpaKubelet({ kubeconfig, namespace, pods });
      const plant = new HpaPlant({ cases, namespace, pods });
      const metrics = await HpaMetricsServer.start(plant, await servingPair(controlPlane));
      const bench = new HpaBench({ controlPlane, namespace, cases, pods, kubelet, plant, metrics });
      await bench.#apply();
      return bench;
    } catch (error) {
      await controlPlane.stop();
      throw error;
    }
  }

  /** Lets the script play until every autoscaler has asked for its metrics so many times. */
  async play(syncs: number, timeoutMs: number): Promise<void> {
    const stop = new AbortController();
    const acting = this.#act(stop.signal);
    try {
      await waitFor(
        `${syncs} syncs of each of ${this.#cases.length} autoscalers`,
        () => this.#cases.every(({ name, metrics }) => this.#asked(name) >= syncs * metrics.length),
        { timeoutMs },
      );
    } finally {
      stop.abort();
      await acting;
    }
  }

  /** What real HPA and rival made of the same inputs, by case. */
  async compare(): Promise<ReadonlyMap<HpaCase, Agreement>> {
    const audit = await new AuditTail(this.#controlPlane.auditLog, this.#namespace).events();
    const behaviors = await this.#behaviors();
    const compared = this.#cases.map((one): [HpaCase, Agreement] => {
      const behavior = behaviors.get(one.name);
      const agreement = replay({
        // The last sync may not have written yet.
        syncs: hpaSyncs(one, this.#metrics.served, audit).slice(0, -1),
        rival: () => rivalOf(one, behavior),
        podsAt: (at) => this.#pods.at(one.name, at),
        podsBetween: (from, to) => this.#pods.between(one.name, from, to),
      });
      return [one, agreement];
    });
    return new Map(compared);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#pods.stop(), this.#kubelet.close(), this.#metrics.stop()]);
    await this.#controlPlane.stop();
  }

  async #apply(): Promise<void> {
    await apply(this.#metrics.registration(), this.#controlPlane);
    await apply(
      this.#cases.flatMap((one) => [...quotaOf(one, this.#namespace), deploymentOf(one, this.#namespace)]),
      this.#controlPlane,
    );
    const available = ['wait', '--for=condition=Available', '--timeout=60s', 'apiservice'];
    const apis = ['v1beta1.metrics.k8s.io', 'v1beta1.external.metrics.k8s.io'];
    await this.#controlPlane.kubectl([...available, ...apis]);
    await waitFor('a ready pod of each workload', () =>
      this.#cases.every(({ name }) => this.#pods.now(name).some(({ ready }) => ready)),
    );
    await apply(
      this.#cases.map((one) => autoscalerOf(one, this.#namespace)),
      this.#controlPlane,
    );
    this.#plant.begin(Date.now());
  }

  async #act(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#kubelet.act(this.#cases, this.#plant.seconds(Date.now()));
      await sleep(ACT_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  #asked(name: string): number {
    return this.#metrics.served.filter(({ app }) => app === name).length;
  }

  /** With the defaults that the API server put in; none for an HPA that has none. */
  async #behaviors(): Promise<ReadonlyMap<string, HpaBehavior>> {
    const text = await this.#controlPlane.kubectl(['get', 'hpa', '-n', this.#namespace, '-o', 'json']);
    const { items } = JSON.parse(text) as { items: readonly Autoscaler[] };
    return new Map(
      items.flatMap(({ metadata, spec: { behavior } }) =>
        // What the API server leaves open, the window of scaleDown, is the controller's flag: the same 300 s.
        behavior === undefined ? [] : [[metadata.name, behaviorSchema.parse(behavior)] as const],
      ),
    );
  }
}

interface Autoscaler {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly behavior?: unknown };
}

async function servingPair({ dir }: ControlPlane): Promise<{ cert: string; key: string }> {
  const read = (name: string): Promise<string> => readFile(join(dir, 'pki', name), 'utf8');
  const [cert, key] = await Promise.all([read('serving.crt'), read('serving.key')]);
  return { cert, key };
}
