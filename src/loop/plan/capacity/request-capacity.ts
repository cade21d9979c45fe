import { parseQuantity } from '../../../api/quantity.ts';
import { allowedBadShare, type RequestObjective } from '../../monitor/requests.ts';
import type { SaturationEvidence } from '../../monitor/saturation.ts';
import { learnedCapacity } from './learned-capacity.ts';
import { replicaCapacity, type ReplicaCapacity } from './replica-capacity.ts';

/** The capacity as last computed, when (ms since the epoch), and from which terms: plain data. */
export interface CapacityMemory {
  known: ReplicaCapacity | undefined;
  knownAt: number;
  knownFor: string;
}

export interface RequestCapacityInputs {
  readonly objective: RequestObjective;
  readonly saturation: SaturationEvidence;
  /** Requests per second that a metric's target gives to each replica; undefined where none counts requests. */
  readonly targetLoad: number | undefined;
  readonly readyReplicas: number;
  /** Ms since the epoch. */
  readonly now: number;
}

/** The evidence of five minutes changes little, and reading it takes as long as a whole decision. */
const REFRESH_MS = 300_000;

export function createCapacityMemory(): CapacityMemory {
  return { known: undefined, knownAt: NaN, knownFor: '' };
}

/** The capacity to plan with now: computed anew each five minutes, and at once when the policy says something else. */
export function requestCapacity(memory: CapacityMemory, inputs: RequestCapacityInputs): ReplicaCapacity {
  const { objective, saturation, targetLoad, readyReplicas, now } = inputs;
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
    learned: learnedCapacity(saturation, slowShare),
    targetLoad,
    readyReplicas,
  });
  memory.knownAt = now;
  memory.knownFor = terms;
  return memory.known;
}
