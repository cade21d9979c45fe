import type { PodView } from '../../src/loop/monitor/observation.ts';
import { Administrator } from './administrator.ts';
import { AGED_SECONDS, type HpaCase, type KubeletSays } from './hpa-cases.ts';
import { lotOf } from './hpa-plant.ts';
import type { PodLog } from './hpa-pod-log.ts';

/** After a start that long ago a readiness of this age has never been another: below the HPA's delay of 30 s. */
const NEVER_READY_AFTER_SECONDS = 10;

/** Says of running pods what a case wants said, and writes the replicas that a person would. */
export class HpaKubelet {
  readonly #administrator: Administrator;
  readonly #namespace: string;
  readonly #pods: PodLog;
  /** What was said last of each pod. */
  readonly #said = new Map<string, string>();
  readonly #edited = new Map<string, number>();

  constructor(parts: { readonly kubeconfig: string; readonly namespace: string; readonly pods: PodLog }) {
    this.#administrator = new Administrator(parts.kubeconfig);
    this.#namespace = parts.namespace;
    this.#pods = parts.pods;
  }

  /** Does what is due at `seconds` of the script. */
  async act(cases: readonly HpaCase[], seconds: number): Promise<void> {
    for (const one of cases) {
      await this.#edit(one, seconds);
      const { kubelet } = one;
      if (kubelet === undefined) continue;
      const running = this.#pods
        .now(one.name)
        .filter(({ phase, deleting }) => phase === 'Running' && !deleting);
      for (const pod of running) await this.#say(pod, kubelet(lotOf(pod.name), seconds));
    }
  }

  async close(): Promise<void> {
    await this.#administrator.close();
  }

  async #edit({ name, edits = [] }: HpaCase, seconds: number): Promise<void> {
    const done = this.#edited.get(name) ?? 0;
    const edit = edits[done];
    if (edit === undefined || seconds < edit.seconds) return;
    this.#edited.set(name, done + 1);
    await this.#administrator.send({
      method: 'PATCH',
      path: `/apis/apps/v1/namespaces/${this.#namespace}/deployments/${name}`,
      contentType: 'application/merge-patch+json',
      body: { spec: { replicas: edit.replicas } },
    });
  }

  async #say({ name, startedAt = 0 }: PodView, says: KubeletSays): Promise<void> {
    const words = JSON.stringify(says);
    const before = this.#said.get(name);
    // KWOK has said already that the pod is ready.
    if (before === words || (before === undefined && says.ready && says.aged !== true)) return;
    this.#said.set(name, words);
    const aging = says.aged === true && before === undefined;
    const start = aging ? startedAt - AGED_SECONDS * 1000 : startedAt;
    const changed = says.neverReady === true ? start + NEVER_READY_AFTER_SECONDS * 1000 : Date.now();
    const condition = {
      type: 'Ready',
      status: says.ready ? 'True' : 'False',
      ...(before === undefined && says.ready ? {} : { lastTransitionTime: timeOf(changed) }),
    };
    const path = `/api/v1/namespaces/${this.#namespace}/pods/${name}/status`;
    const body = { status: { startTime: timeOf(start), conditions: [condition] } };
    await this.#administrator
      .send({ method: 'PATCH', path, contentType: 'application/strategic-merge-patch+json', body })
      .catch((error: unknown) => {
        // It may have been deleted meanwhile.
        if (!String(error).includes(': 404 ')) throw error;
      });
  }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
