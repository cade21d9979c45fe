import type { PolicySpec } from '../../../api/policy-spec.ts';
import type { Analysis, PeakDemands } from '../../analyze/analyze.ts';
import type { Monitoring } from '../../monitor/monitor.ts';
import type { TargetView } from '../../monitor/observation.ts';
import { allowedBadShare } from '../../monitor/requests.ts';
import { capacityPerReplica } from '../capacity.ts';
import type { ServiceModel } from '../capacity/service-model.ts';
import type { Price } from '../newsvendor/budget-pacing.ts';
import type { Plan } from '../plan.ts';
import { saturatingCeil } from '../replica-arithmetic.ts';

interface Bounds {
  /** Of the policy. */
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Replicas that serve demand as measured within the objective, or at the metrics' targets. */
  readonly floor: number;
}

/** Requests per second, what a replica makes of them, and the price of a bad one. */
export interface RequestArmInputs extends Bounds {
  readonly workloadClass: 'Requests';
  readonly demand: number;
  readonly service: ServiceModel;
  /** V*: accepted share of bad requests, 0 … 1. */
  readonly slowShare: number;
  /** Quantiles of the coming peak in the order of `PEAK_LEVELS`; undefined without a forecast. */
  readonly peaks: Float64Array | undefined;
  /** Undefined while the newsvendor does not speak. */
  readonly stock: NewsvendorStock | undefined;
}

/** What every profile of the newsvendor shares: the distribution of the peak, the price, and the order that both ask for. */
export interface NewsvendorStock {
  readonly demands: PeakDemands;
  readonly price: Price;
  readonly orderUpTo: number;
}

/** One metric: its total and what its target gives to one replica, in its unit. */
export interface MetricLoad {
  readonly demand: number;
  readonly target: number;
  readonly peaks: Float64Array | undefined;
}

export interface MetricArmInputs extends Bounds {
  readonly workloadClass: 'Metrics';
  /** At least one; the largest answer counts. */
  readonly loads: readonly MetricLoad[];
}

/** Everything that every arm decides by at one moment. Arms differ in what they make of it. */
export type ArmInputs = RequestArmInputs | MetricArmInputs;

/** What a tick has found out, as far as arms need it. */
export interface ArmFacts {
  readonly spec: PolicySpec;
  readonly target: TargetView;
  readonly monitoring: Monitoring;
  readonly analysis: Analysis;
  readonly planned: Plan;
}

/** No workload has such a load: sums over a window stay finite below it. */
const LARGEST_DEMAND = 1e15;

/** Undefined while one of the sources of demand is silent, or what a replica carries is not known. */
export function armInputs(facts: ArmFacts): ArmInputs | undefined {
  return facts.spec.objective?.requests === undefined ? metricInputs(facts) : requestInputs(facts);
}

function requestInputs(facts: ArmFacts): RequestArmInputs | undefined {
  const { spec, monitoring, analysis, planned } = facts;
  const objective = spec.objective?.requests;
  const { capacity, results } = planned;
  const total = monitoring.requests?.total;
  const served = results.at(-1);
  if (objective === undefined || total?.quality !== 'Fresh' || capacity?.known !== true) return undefined;
  if (served?.usable !== true || !isLoad(total.value)) return undefined;
  return {
    workloadClass: 'Requests',
    ...boundsOf(spec, served.replicas),
    demand: total.value,
    service: capacity.service,
    slowShare: allowedBadShare(objective),
    peaks: analysis.peaks.at(-1),
    stock: stockOf(facts),
  };
}

function stockOf({ analysis: { demands }, planned: { newsvendor } }: ArmFacts): NewsvendorStock | undefined {
  if (newsvendor?.up === undefined || demands === undefined) return undefined;
  return { demands, price: newsvendor.price, orderUpTo: newsvendor.up };
}

function metricInputs({
  spec,
  target,
  monitoring,
  analysis,
  planned,
}: ArmFacts): MetricArmInputs | undefined {
  if (planned.reactive === undefined || spec.metrics.length === 0) return undefined;
  const loads: MetricLoad[] = [];
  for (const [index, metric] of spec.metrics.entries()) {
    const total = monitoring.metrics[index]?.total;
    const targetLoad = capacityPerReplica(metric, target.pods);
    if (total?.quality !== 'Fresh' || targetLoad === undefined || !isLoad(total.value)) return undefined;
    loads.push({ demand: total.value, target: targetLoad, peaks: analysis.peaks[index] });
  }
  let floor = 0;
  for (const { demand, target: each } of loads) floor = Math.max(floor, saturatingCeil(demand / each));
  return { workloadClass: 'Metrics', ...boundsOf(spec, floor), loads };
}

function isLoad(demand: number): boolean {
  return demand >= 0 && demand < LARGEST_DEMAND;
}

function boundsOf({ horizontal: { minReplicas, maxReplicas } }: PolicySpec, floor: number): Bounds {
  return { minReplicas, maxReplicas, floor };
}
