import { peakQuantile } from '../analyze/peak/peak-nodes.ts';
import type { RequestObjective, RequestReport } from '../monitor/requests.ts';
import { allowedBadShare, REQUESTS } from '../monitor/requests.ts';
import { replicasServing } from './capacity/replicas-serving.ts';
import type { ReplicaCapacity } from './capacity/replica-capacity.ts';
import type { ServiceModel } from './capacity/service-model.ts';
import { counterfactual, type Counterfactual } from './newsvendor/counterfactual.ts';
import { unusable, unusableReading, type MetricResult } from './metric-result.ts';
import {
  decideReplicas,
  type NewsvendorDecision,
  type PacedNewsvendor,
  type PeakDemands,
} from './newsvendor/paced-newsvendor.ts';
import { BALANCED, CALM, RESPONSIVE, type ScalingProfile } from './newsvendor/profile.ts';
import type { Proposal } from './proposal.ts';
import { short } from '../short.ts';

export interface ObjectiveInputs {
  readonly objective: RequestObjective;
  readonly requests: RequestReport;
  readonly capacity: ReplicaCapacity;
  /** The distribution of the peak to come; undefined while there is no forecast to act on. */
  readonly demands: PeakDemands | undefined;
  readonly newsvendor: PacedNewsvendor;
  readonly profile: ScalingProfile['name'];
  readonly current: number;
  readonly readyReplicas: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Ms since the epoch. */
  readonly now: number;
}

const PROFILES = { Responsive: RESPONSIVE, Balanced: BALANCED, Calm: CALM } as const;

/** What the requests of the objective ask for. */
export interface ObjectivePlan {
  readonly capacity: ReplicaCapacity;
  /** What demand as measured needs, in the form of every metric's answer. */
  readonly result: MetricResult;
  readonly proposals: readonly Proposal[];
  /** The newsvendor's decision behind the proposal; undefined while it does not speak. */
  readonly newsvendor: NewsvendorDecision | undefined;
  /** What its neighbours would have come to: asked for only when a decision is made of it, at once. */
  readonly neighbours?: () => Counterfactual;
}

/**
 * The floor that serves the requests just measured within the objective, and the newsvendor's number for those to come.
 * The counters reach the newsvendor at every tick, whether or not it may speak: its price is what was measured.
 */
export function objectivePlan(inputs: ObjectiveInputs): ObjectivePlan {
  const { objective, requests, capacity, newsvendor, current, now, maxReplicas, profile } = inputs;
  const silent = (result: MetricResult): ObjectivePlan => ({
    capacity,
    result,
    proposals: [],
    newsvendor: undefined,
  });
  if (!capacity.known) return silent(unusable('NoCapacity', capacity.message));
  const { service } = capacity;
  const slowShare = allowedBadShare(objective);
  const { counters, total } = requests;
  const settings = { service, slowShare, maxReplicas, profile: PROFILES[profile] };
  const demands = total.quality === 'Fresh' ? inputs.demands : undefined;
  const decision = decideReplicas(newsvendor, settings, {
    now,
    current,
    counters: counters && { requests: counters.requests, slowRequests: counters.badRequests },
    demands,
  });
  if (total.quality !== 'Fresh') return silent(unusableReading(total));
  const result = floorFor(total.value, service, slowShare, inputs.readyReplicas);
  if (!result.usable) return silent(result);
  const { replicas, detail } = result;
  const floor: Proposal = { source: 'Reactive', metric: REQUESTS, replicas, detail };
  if (demands === undefined || mayRest(inputs, total.value, demands)) {
    return { ...silent(result), proposals: [floor] };
  }
  return {
    capacity,
    result,
    proposals: [floor, stockOf(decision)],
    newsvendor: decision,
    neighbours: () => counterfactual(newsvendor, settings, { demands, current, replicas: decision.replicas }),
  };
}

/** A request a minute is load; less is none. */
const RESTING_RATE = 1 / 60;

/** Without load, and without any to come as far as can be seen, a workload that may have no replica needs none. */
function mayRest({ minReplicas }: ObjectiveInputs, rate: number, { up, weights }: PeakDemands): boolean {
  return minReplicas === 0 && rate === 0 && peakQuantile(up, weights, 0.95) < RESTING_RATE;
}

function floorFor(
  demand: number,
  service: ServiceModel,
  slowShare: number,
  readyReplicas: number,
): MetricResult {
  const replicas = replicasServing(demand, service, slowShare);
  if (replicas === undefined) return unusable('NotANumber', `${demand} is no demand`);
  const percent = short(100 * slowShare);
  return {
    usable: true,
    replicas,
    ratio: readyReplicas === 0 ? Infinity : replicas / readyReplicas,
    averageValue: readyReplicas === 0 ? demand : demand / readyReplicas,
    coverage: 1,
    detail: `${replicas}: the fewest that serve ${short(demand)} requests/s with at most ${percent} % bad`,
  };
}

function stockOf({ replicas, price }: NewsvendorDecision): Proposal {
  const detail = `${replicas}: cost and expected bad requests balance at a price of ${short(price.penalty)}`;
  return { source: 'Forecast', metric: REQUESTS, replicas, detail };
}
