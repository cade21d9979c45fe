import { KubeClient } from '../../src/adapters/kubernetes/client.ts';
import { podRecord } from '../../src/adapters/kubernetes/records.ts';
import type { PodView } from '../../src/loop/monitor/observation.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { Reflector } from '../../src/runtime/reflector.ts';

/** The pods of one workload from a moment on, until the next snapshot. */
export interface PodSnapshot {
  /** Ms since the epoch. */
  readonly at: number;
  readonly pods: readonly PodView[];
}

interface Labelled {
  readonly app: string;
  readonly pod: PodView;
}

/** Every state that the pods of a namespace went through, as a watch told it: what an informer had at a time. */
export class PodLog {
  readonly #snapshots = new Map<string, PodSnapshot[]>();
  readonly #client: KubeClient;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  private constructor(kubeconfig: string, namespace: string) {
    this.#client = new KubeClient({ kubeconfig }, { version: 'test' });
    const reflector = new Reflector<Labelled>({
      client: this.#client,
      collection: { kind: 'Pod', path: `/api/v1/namespaces/${namespace}/pods` },
      transform: (object) => ({ app: appOf(object.metadata), pod: podRecord(object) }),
      onEvent: ({ type, object: { app, pod } }) => this.#note(app, pod, type === 'deleted'),
      clock: systemClock,
      random: Math.random,
    });
    this.#running = reflector.run(this.#stop.signal);
  }

  static follow(kubeconfig: string, namespace: string): PodLog {
    return new PodLog(kubeconfig, namespace);
  }

  now(app: string): readonly PodView[] {
    return this.#snapshots.get(app)?.at(-1)?.pods ?? [];
  }

  /** What was known at `at`. */
  at(app: string, at: number): readonly PodView[] {
    return this.#snapshots.get(app)?.findLast((one) => one.at <= at)?.pods ?? [];
  }

  /** All that was known at some time between the two, oldest first. */
  between(app: string, from: number, to: number): readonly (readonly PodView[])[] {
    const within = (this.#snapshots.get(app) ?? []).filter(({ at }) => at > from && at <= to);
    return [this.at(app, from), ...within.map(({ pods }) => pods)];
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#client.close();
  }

  #note(app: string, pod: PodView, gone: boolean): void {
    const others = this.now(app).filter(({ name }) => name !== pod.name);
    const pods = gone ? others : [...others, pod];
    const log = this.#snapshots.get(app) ?? [];
    log.push({ at: Date.now(), pods });
    this.#snapshots.set(app, log);
  }
}

function appOf(metadata: { readonly labels?: Readonly<Record<string, string>> | undefined }): string {
  return metadata.labels?.['app'] ?? '';
}
