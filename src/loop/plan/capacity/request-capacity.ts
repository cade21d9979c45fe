import { parseQuantity } from '../../../api/quantity.ts';
import { allowedBadShare, type RequestObjective } from '../../monitor/requests.ts';
import { createSaturationEvidence, type SaturationEvidence } from '../../monitor/saturation.ts';
import { learnedCapacity } from './learned-capacity.ts';
import { replicaCapacity, type ReplicaCapacity } from './replica-capacity.ts';

/** What a replica is known to carry of the requests of the objective: plain data. */
export interface RequestCapacity {
  readonly evidence: SaturationEvidence;
  /** As last computed, when (ms since the epoch), and from which terms. */
  known: ReplicaCapacity | undefined;
  knownAt: number;
  knownFor: string;
}

export interface RequestCapacityInputs {
  readonly objective: RequestObjective;
  /** Requests per second that a metric's target gives to each replica; undefined where none counts requests. */
  readonly targetLoad: number | undefined;
  readonly readyReplicas: number;
  /** Ms since the epoch. */
  readonly now: number;
}

/** The evidence of five minutes changes little, and reading it takes as long as a whole decision. */
const REFRESH_MS = 300_000;

export function createRequestCapacity(): RequestCapacity {
  return { evidence: createSaturationEvidence(), known: undefined, knownAt: NaN, knownFor: '' };
}

/** The capacity to plan with now: computed anew each five minutes, and at once when the policy says something else. */
export function requestCapacity(memory: RequestCapacity, inputs: RequestCapacityInputs): ReplicaCapacity {
  const { objective, targetLoad, readyReplicas, now } = inputs;
  const { perReplica, concurrency, latencyThreshold, goodPercent } = objective;
  const terms = [perReplica, concurrency, latencyThreshold, goodPercent, targetLoad].join(' ');
  const elapsed = now - memory.knownAt;
  const current = memory.knownFor === terms && elapsed >= 0 && elapsed < REFRESH_MS;
  if (current && memory.known !== undefined) return memory.known;
  const slowShare = allowedBadShare(objective);
  memory.known = replicaCapacity({
    terms: { concurrency, latencySeconds: parseQuantity(latencyThreshold) },
    slowShare,
    specified: perReplica === undefined ? undefined : parseQuantity(perReplica),
    learned: learnedCapacity(memory.evidence, slowShare),
    targetLoad,
    readyReplicas,
  });
  memory.knownAt = now;
  memory.knownFor = terms;
  return memory.known;
}
