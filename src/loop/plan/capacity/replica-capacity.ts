import type { LearnedCapacity } from './learned-capacity.ts';
import { exactSlowShare, serviceModel, type ServiceModel, type ServiceTerms } from './service-model.ts';
import { short } from '../../short.ts';

/** What is known of a replica: said by the user, learned from its past, or meant by a metric's own target. */
export interface CapacityInputs {
  /** What makes a request good, and how many a replica works on at the same time. */
  readonly terms: Pick<ServiceTerms, 'concurrency' | 'latencySeconds'>;
  /** V*: accepted share of bad requests, 0 … 1. */
  readonly slowShare: number;
  /** μ as the user says it, requests per second. */
  readonly specified: number | undefined;
  readonly learned: LearnedCapacity;
  /** Requests per second that a metric's target gives to each replica; undefined where none counts requests. */
  readonly targetLoad: number | undefined;
  readonly readyReplicas: number;
}

export type CapacitySource = 'Specified' | 'Measured' | 'AtLeast' | 'MetricTarget';

/** `message` says in words what is believed and why. */
export type ReplicaCapacity =
  | {
      readonly known: true;
      readonly service: ServiceModel;
      readonly source: CapacitySource;
      readonly message: string;
    }
  | { readonly known: false; readonly message: string };

/**
 * A load that is served within the objective is two thirds of the capacity at the least, whatever the model of a
 * queue makes of it: with one replica and no wait allowed it would find a hundred times the load.
 */
const LARGEST_CAPACITY = 1.5;

/** From a quarter more or less on, what was said and what was measured are not the same. */
const AGREEMENT = 1.25;

const HALVINGS = 40;

/** The first that is known: the user's word, a measured bound, the metric's target, a load that went well. */
export function replicaCapacity(inputs: CapacityInputs): ReplicaCapacity {
  const { specified, learned } = inputs;
  if (specified !== undefined) return specifiedCapacity(inputs, specified);
  if (learned.known && learned.bound === 'Measured') {
    return fromLoad(inputs, { ...learned, source: 'Measured', message: measuredMessage(learned) });
  }
  const carried = learned.known ? learned.loadPerReplica : 0;
  const { targetLoad } = inputs;
  if (targetLoad !== undefined && targetLoad > carried) {
    const message = `a replica is taken to carry ${short(targetLoad)} requests/s, the metric's target: none of its limits was seen yet`;
    const replicas = inputs.readyReplicas;
    return fromLoad(inputs, { loadPerReplica: targetLoad, replicas, source: 'MetricTarget', message });
  }
  if (!learned.known) return { known: false, message: unknownMessage(learned) };
  const message =
    `a replica carries at least ${short(carried)} requests/s: ${short(learned.evidence.highestLoad)} were ` +
    'served within the objective, and more was not seen';
  return fromLoad(inputs, { ...learned, source: 'AtLeast', message });
}

/**
 * μ of the queue that, with so many replicas at so much load each, has just the accepted share of slow requests: what
 * was seen at one number of replicas then holds for others as queues do. Between the load and one and a half of it.
 */
export function serviceRateOf(
  loadPerReplica: number,
  replicas: number,
  { terms, slowShare }: Pick<CapacityInputs, 'terms' | 'slowShare'>,
): number {
  const servers = Math.max(1, Math.round(replicas));
  const suffices = (requestsPerSecond: number): boolean => {
    const service = serviceModel({ ...terms, requestsPerSecond });
    return service !== undefined && exactSlowShare(servers, servers * loadPerReplica, service) <= slowShare;
  };
  let low = loadPerReplica;
  let high = LARGEST_CAPACITY * loadPerReplica;
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = low + (high - low) / 2;
    if (suffices(middle)) high = middle;
    else low = middle;
  }
  return high;
}

interface KnownLoad {
  readonly loadPerReplica: number;
  readonly replicas: number;
  readonly source: CapacitySource;
  readonly message: string;
}

function fromLoad(inputs: CapacityInputs, known: KnownLoad): ReplicaCapacity {
  const { loadPerReplica, replicas, source, message } = known;
  const requestsPerSecond = serviceRateOf(loadPerReplica, replicas, inputs);
  return withService(inputs, requestsPerSecond, { source, message });
}

function specifiedCapacity(inputs: CapacityInputs, specified: number): ReplicaCapacity {
  const message = `a replica completes ${short(specified)} requests/s, as the policy says${contradiction(inputs, specified)}`;
  return withService(inputs, specified, { source: 'Specified', message });
}

function withService(
  { terms }: CapacityInputs,
  requestsPerSecond: number,
  why: Pick<KnownLoad, 'source' | 'message'>,
): ReplicaCapacity {
  const service = serviceModel({ ...terms, requestsPerSecond });
  if (service === undefined) {
    return {
      known: false,
      message: `no queue has a capacity of ${requestsPerSecond} requests/s for each replica`,
    };
  }
  return { known: true, service, ...why };
}

/** Where the policy's number and the measured one are not the same: the policy's counts, and the user should know. */
function contradiction(inputs: CapacityInputs, specified: number): string {
  const { learned } = inputs;
  if (!learned.known) return '';
  const measured = serviceRateOf(learned.loadPerReplica, learned.replicas, inputs);
  const share = `${short(learned.loadPerReplica)} requests/s for each`;
  if (learned.bound === 'Measured' && specified > AGREEMENT * measured) {
    return `; measured were about ${short(measured)}, for more than ${share} was not served within the objective: lower spec.objective.requests.perReplica`;
  }
  if (specified * AGREEMENT < learned.loadPerReplica) {
    return `; yet ${share} was served within the objective: raise spec.objective.requests.perReplica`;
  }
  return '';
}

function measuredMessage({ loadPerReplica, replicas, evidence }: LearnedCapacity & { known: true }): string {
  const { observations, highestLoad, badShareAtHighest } = evidence;
  return (
    `a replica carries ${short(loadPerReplica)} requests/s within the objective, measured at ${short(replicas)} replicas: at ` +
    `${short(highestLoad)} ${percent(badShareAtHighest)} were bad (${Math.round(observations)} observations)`
  );
}

function unknownMessage({ reason, evidence }: LearnedCapacity & { known: false }): string {
  if (reason === 'NoEvidence') {
    return 'what a replica carries is not known yet: set spec.objective.requests.perReplica, or wait for some minutes of load';
  }
  return (
    `what a replica carries cannot be told from its load: ${percent(evidence.badShareAtLowest)} of the requests ` +
    'were bad at the lowest loads too, which more replicas do not mend'
  );
}

function percent(share: number): string {
  return `${short(100 * share)} %`;
}
