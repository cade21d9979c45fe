import type { KubeClient } from '../../../adapters/kubernetes/client.ts';
import { isNotFound } from '../../../adapters/kubernetes/errors.ts';
import type { KubeObject } from '../../../adapters/kubernetes/objects.ts';
import type { Logger } from '../../../adapters/log/logger.ts';
import { RUNBOOK_LABEL } from '../../../api/names.ts';
import type { Clock, Random } from '../../../runtime/clock.ts';
import { Reflector, type ReflectorNote } from '../../../runtime/reflector.ts';
import { WorkQueue } from '../../../runtime/work-queue.ts';
import { runWorkers } from '../../../runtime/workers.ts';
import { runbooksIn, type WrittenRunbooks } from './config-map.ts';
import type { RunbookLibrary } from './runbook-library.ts';

export interface RunbookMirrorOptions {
  readonly client: Pick<KubeClient, 'request' | 'stream'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Pick<Logger, 'warn'>;
  readonly library: Pick<RunbookLibrary, 'put' | 'stored' | 'waiting'>;
  /** What is written here is for all namespaces. */
  readonly operatorNamespace: string;
  readonly observe: (kind: string, note: ReflectorNote) => void;
}

const KIND = 'ConfigMap';

/**
 * Follows the ConfigMaps with the label of runbooks. The watch tells only of their names, for texts may be a
 * megabyte each: who changed is read again, one after the other.
 */
export class RunbookMirror {
  readonly #options: RunbookMirrorOptions;
  readonly #queue: WorkQueue;
  readonly #reflector: Reflector<string>;

  constructor(options: RunbookMirrorOptions) {
    const { client, clock, random, observe } = options;
    this.#options = options;
    this.#queue = new WorkQueue({ clock });
    this.#reflector = new Reflector<string>({
      client,
      collection: {
        kind: KIND,
        path: '/api/v1/configmaps',
        labelSelector: `${RUNBOOK_LABEL}=true`,
        metadataOnly: true,
      },
      transform: ({ metadata }) => metadata.name,
      onEvent: ({ key }) => this.#queue.add(key),
      clock,
      random,
      observe: (note) => observe(KIND, note),
    });
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    signal.addEventListener('abort', () => this.#queue.shutDown(), { once: true });
    const working = runWorkers(
      {
        queue: this.#queue,
        concurrency: 1,
        clock,
        reconcile: async (key) => {
          await this.#reconcile(key, signal);
          return undefined;
        },
        observe: ({ key, error }) => {
          if (error === undefined || signal.aborted) return;
          log.warn('Could not take in a runbook; trying again', { configMap: key, error: messageOf(error) });
        },
      },
      signal,
    );
    void this.#reflector.whenSynced().then(() => {
      // What was deleted while nobody looked.
      for (const key of this.#options.library.stored()) this.#queue.add(key);
    });
    await Promise.all([this.#reflector.run(signal), working]);
  }

  async #reconcile(key: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { library } = this.#options;
    const hasRoom = await library.put(key, await this.#read(key, signal));
    if (hasRoom) for (const waiting of library.waiting()) this.#queue.add(waiting);
  }

  /** Undefined when there is none with the label any more. */
  async #read(key: string, signal: AbortSignal): Promise<WrittenRunbooks | undefined> {
    if (!this.#reflector.objects.has(key)) return undefined;
    const [namespace = '', name = ''] = key.split('/');
    const path = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
    try {
      const found = await this.#options.client.request<KubeObject>({ method: 'GET', path, signal });
      return runbooksIn(found, this.#options.operatorNamespace);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error';
}
