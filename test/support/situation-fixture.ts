import {
  EMBEDDING_DIMENSIONS,
  EMBEDDING_VERSION,
  type Situation,
} from '../../src/loop/knowledge/situation.ts';
import type { RecallQuery } from '../../src/loop/knowledge/recall/nearest.ts';

export const WINDOW_MS = 1_800_000;
/** A Monday morning. */
export const WINDOW_START = Date.UTC(2026, 4, 4, 9, 0);

interface Change extends Partial<Omit<Situation, 'policy' | 'workload' | 'outcome' | 'action'>> {
  readonly policyUid?: string;
  readonly namespace?: string;
  readonly kind?: string;
  readonly outcome?: Partial<Situation['outcome']>;
  readonly action?: Partial<Situation['action']>;
}

/** The first dimensions as given, the others 0. */
export const pointAt = (...first: readonly number[]): Float32Array => {
  const vector = new Float32Array(EMBEDDING_DIMENSIONS);
  vector.set(first);
  return vector;
};

/** Half an hour in which nothing went wrong, of the policy `shop/web` unless told otherwise. */
export function situationFixture(change: Change = {}): Situation {
  const { policyUid = 'uid-web', namespace = 'shop', kind = 'Deployment', outcome, action, ...rest } = change;
  const at = rest.at ?? WINDOW_START;
  return {
    id: `${policyUid}/${at}`,
    at,
    policy: { namespace, name: `policy-of-${policyUid}`, uid: policyUid },
    workload: { kind, name: `workload-of-${policyUid}`, uid: `workload-${policyUid}` },
    workloadClass: 'Requests',
    embeddingVersion: EMBEDDING_VERSION,
    embedding: pointAt(),
    summary: 'demand steady',
    arms: [
      { arm: 'lean', replicaSeconds: 3600, badRequests: 9, violatedSeconds: 180, replicasChanged: 4 },
      { arm: 'safe', replicaSeconds: 5400, badRequests: 0, violatedSeconds: 0, replicasChanged: 2 },
    ],
    oracleReplicaSeconds: 3600,
    demand: 180_000,
    censored: [],
    succeeded: true,
    ...rest,
    action: { from: 2, to: 3, peak: 3, arm: 'safe', ...action },
    outcome: {
      windowSeconds: 1800,
      measuredSeconds: 1800,
      violatedSeconds: 0,
      replicaSeconds: 5400,
      requests: 180_000,
      badRequests: 18,
      replicasChanged: 1,
      changes: 1,
      rollbacks: 0,
      restarts: 0,
      throttledShare: null,
      cost: null,
      ...outcome,
    },
  };
}

export function recallQueryFixture(change: Partial<RecallQuery> = {}): RecallQuery {
  return {
    id: 'uid-web/now',
    embedding: pointAt(),
    embeddingVersion: EMBEDDING_VERSION,
    policy: { namespace: 'shop', uid: 'uid-web' },
    kind: 'Deployment',
    workloadClass: 'Requests',
    sharing: 'Cluster',
    knownBy: Infinity,
    ...change,
  };
}
