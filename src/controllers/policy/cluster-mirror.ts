import type { KubeClient } from '../../adapters/kubernetes/client.ts';
import { nodeAccess } from '../../adapters/kubernetes/node-access.ts';
import type { KubeObject } from '../../adapters/kubernetes/objects.ts';
import {
  podRecord,
  replicaSetRecord,
  scalerRecord,
  workloadRecord,
  type PodRecord,
} from '../../adapters/kubernetes/records.ts';
import { API_GROUP, API_VERSION, POLICY_KIND, POLICY_PLURAL } from '../../api/names.ts';
import type { Clock, Random } from '../../runtime/clock.ts';
import type { Collection } from '../../runtime/list-pages.ts';
import type { StoreEvent } from '../../runtime/object-store.ts';
import { Reflector, type ReflectorNote } from '../../runtime/reflector.ts';
import type { ClusterCaches } from './cluster-view.ts';
import { policyEntry, type PolicyEntry } from './policy-entry.ts';

export interface MirrorOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  /** A policy appeared, changed or went. */
  readonly onPolicy: (event: StoreEvent<PolicyEntry>) => void;
  readonly observe: (kind: string, note: ReflectorNote) => void;
}

/** Without a word from the server for so long, what is cached may be anything: the process is not healthy. */
const MAX_SILENCE_MS = 300_000;

/** The CRD may be installed after the operator; nobody wants to wait five minutes for it then. */
const POLICY_ABSENT_RETRY_MS = 10_000;

/** Local copies of all that policies look at, in step with the API server. */
export class ClusterMirror {
  readonly caches: ClusterCaches;
  readonly policies: ReadonlyMap<string, PolicyEntry>;
  readonly #reflectors: ReadonlyMap<string, Reflector<unknown>>;
  readonly #clock: Clock;

  constructor({ client, clock, random, onPolicy, observe }: MirrorOptions) {
    this.#clock = clock;
    const reflectors = new Map<string, Reflector<unknown>>();
    const mirror = <T>(
      collection: Collection,
      transform: (object: KubeObject) => T,
      onEvent: (event: StoreEvent<T>) => void = () => undefined,
    ): ReadonlyMap<string, T> => {
      const note = (what: ReflectorNote): void => observe(collection.kind, what);
      const reflector = new Reflector<T>({
        client,
        collection,
        transform,
        onEvent,
        clock,
        random,
        timings: collection.kind === POLICY_KIND ? { absentRetryMs: POLICY_ABSENT_RETRY_MS } : {},
        observe: note,
      });
      reflectors.set(collection.kind, reflector as Reflector<unknown>);
      return reflector.objects;
    };
    const apps = (kind: string): Collection => ({ kind, path: `/apis/apps/v1/${kind.toLowerCase()}s` });
    this.policies = mirror(
      { kind: POLICY_KIND, path: `/apis/${API_GROUP}/${API_VERSION}/${POLICY_PLURAL}` },
      policyEntry,
      onPolicy,
    );
    this.caches = {
      workloads: {
        Deployment: mirror(apps('Deployment'), (object) => workloadRecord('Deployment', object)),
        StatefulSet: mirror(apps('StatefulSet'), (object) => workloadRecord('StatefulSet', object)),
      },
      replicaSets: mirror(apps('ReplicaSet'), replicaSetRecord),
      pods: mirror({ kind: 'Pod', path: '/api/v1/pods' }, watchedPod),
      scalers: [
        mirror(
          { kind: 'HorizontalPodAutoscaler', path: '/apis/autoscaling/v2/horizontalpodautoscalers' },
          (object) => scalerRecord('HorizontalPodAutoscaler', object),
        ),
        mirror({ kind: 'ScaledObject', path: '/apis/keda.sh/v1alpha1/scaledobjects' }, (object) =>
          scalerRecord('ScaledObject', object),
        ),
      ],
    };
    this.#reflectors = reflectors;
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.#reflectors.values()].map((reflector) => reflector.run(signal)));
  }

  async whenSynced(): Promise<void> {
    await Promise.all([...this.#reflectors.values()].map((reflector) => reflector.whenSynced()));
  }

  /** Kinds whose first complete list is still missing, or that must be there and are not installed. */
  unsynced(): readonly string[] {
    const missing = this.#kinds((reflector) => !reflector.synced);
    return this.#reflectors.get(POLICY_KIND)?.absent === true
      ? [...missing, `${POLICY_KIND} (no CRD)`]
      : missing;
  }

  /** Kinds that the server has not spoken of for too long. */
  silent(): readonly string[] {
    const limit = this.#clock.monotonic() - MAX_SILENCE_MS;
    return this.#kinds(
      ({ synced, absent, lastContactAt }) => synced && !absent && (lastContactAt ?? 0) < limit,
    );
  }

  #kinds(matches: (reflector: Reflector<unknown>) => boolean): readonly string[] {
    return [...this.#reflectors].filter(([, reflector]) => matches(reflector)).map(([kind]) => kind);
  }
}

function watchedPod(object: KubeObject): PodRecord {
  const access = nodeAccess(object);
  return { ...podRecord(object), ...(access === undefined ? {} : { nodeAccess: access }) };
}
