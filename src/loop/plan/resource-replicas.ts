import type { PodUsage, PodView } from '../monitor/observation.ts';
import { POD_GROUPING, type PodGrouping } from './hpa-defaults.ts';
import { unusable, type MetricResult, type UnusableMetric } from './metric-result.ts';
import { groupPods, type PodGroups } from './pod-groups.ts';
import {
  keepDirection,
  saturatingCeil,
  toMilli,
  withinTolerance,
  type Tolerance,
} from './replica-arithmetic.ts';
import { resourceScale, type ResourceScale, type ResourceTarget } from './resource-scale.ts';

export interface ResourceReplicasInput {
  readonly pods: readonly PodView[];
  /** Only Fresh readings count; a pod with any other is a missing one. */
  readonly usage: readonly PodUsage[];
  readonly resource: 'cpu' | 'memory';
  readonly target: ResourceTarget;
  /** `spec.replicas` of the target. */
  readonly currentReplicas: number;
  readonly tolerance: Tolerance;
  /** Ms since the epoch. */
  readonly now: number;
  readonly grouping?: PodGrouping;
}

/**
 * Replicas that bring the pods' mean usage to the target, as the HPA computes them (kubernetes v1.36.3
 * replica_calculator.go, GetResourceReplicas and GetRawResourceReplicas): in whole milli-units and whole percent;
 * missing pods count as 100 % of their request (or as the target) below target and as 0 above it, unready ones as
 * 0 above it; no change where that turns the direction round.
 *
 * Two differences, both so that more load never means fewer replicas: nothing overflows, and the rule on the
 * direction holds without missing pods too (upstream computes `ratio × ready pods`, which is less than the current
 * replicas when some of them could not be created, however high the ratio).
 */
export function resourceReplicas(input: ResourceReplicasInput): MetricResult {
  const { pods, usage, resource, target, now, grouping = POD_GROUPING } = input;
  const samples = freshUsage(usage);
  const coverage = coverageOf(pods, samples);
  if (pods.length === 0) return unusable('NoData', 'the target has no pods', coverage);
  const sampledAt = new Map([...samples].map(([pod, { at }]) => [pod, at]));
  const groups = groupPods({ pods, sampledAt, resource, now, grouping });
  const scale = resourceScale(target, resource, [...groups.ready, ...groups.unready, ...groups.missing]);
  if ('reason' in scale) return { ...scale, coverage };
  if (groups.ready.length === 0) return nothingCounts(groups, coverage);

  const counted = new Map(groups.ready.map((pod) => [pod.name, toMilli(samples.get(pod.name)?.value ?? 0)]));
  const measured = scale.level(counted);
  const ratio = measured / scale.target;
  const decided = decide({ groups, scale, counted, measured }, input);
  return {
    usable: true,
    ratio,
    averageValue: mean(counted) / 1000,
    ...(target.type === 'Utilization' ? { utilizationPercent: measured } : {}),
    coverage,
    ...decided,
  };
}

interface Measured {
  readonly groups: PodGroups;
  readonly scale: ResourceScale;
  /** Milli-units of each ready pod. */
  readonly counted: ReadonlyMap<string, number>;
  readonly measured: number;
}

interface Decided {
  readonly replicas: number;
  readonly detail: string;
}

function decide({ groups, scale, counted, measured }: Measured, input: ResourceReplicasInput): Decided {
  const { currentReplicas, tolerance } = input;
  const ratio = measured / scale.target;
  const assumed = assumedUsage(groups, scale, ratio);
  const stay = (why: string): Decided => ({
    replicas: currentReplicas,
    detail: `${currentReplicas}: ${why}`,
  });
  const onTarget = `${scale.show(measured)} of ${scale.show(scale.target)}`;
  if (assumed.size === 0) {
    if (withinTolerance(ratio, tolerance)) return stay(`${onTarget} is within the tolerance`);
    return ordered(scale, measured, counted.size, currentReplicas);
  }
  const all = new Map([...counted, ...assumed]);
  const level = scale.level(all);
  const corrected = level / scale.target;
  const turned = (ratio < 1 && corrected > 1) || (ratio > 1 && corrected < 1);
  if (turned || withinTolerance(corrected, tolerance)) {
    return stay(`${onTarget}, but ${assumed.size} of ${all.size} pods are not measured`);
  }
  return ordered(scale, level, all.size, currentReplicas);
}

/**
 * What the pods without a sample that counts are taken to use, in milli-units: much when the others ask for fewer
 * replicas, nothing when they ask for more. An unready pod says nothing against a decrease.
 */
function assumedUsage(
  { missing, unready }: PodGroups,
  scale: ResourceScale,
  ratio: number,
): Map<string, number> {
  const assumed = new Map<string, number>();
  if (ratio === 1) return assumed;
  for (const pod of missing) assumed.set(pod.name, ratio > 1 ? 0 : scale.assumed(pod));
  if (ratio > 1) for (const pod of unready) assumed.set(pod.name, 0);
  return assumed;
}

function ordered(scale: ResourceScale, level: number, pods: number, current: number): Decided {
  // One division at the end: level and target are whole numbers, so that an exact quotient stays exact.
  const wanted = saturatingCeil((level * pods) / scale.target);
  const replicas = keepDirection(level / scale.target, wanted, current);
  const sum = `ceil(${pods} × ${scale.show(level)} ÷ ${scale.show(scale.target)}) = ${wanted}`;
  if (replicas === wanted) return { replicas, detail: sum };
  return { replicas, detail: `${current}: ${sum} is the other direction` };
}

function freshUsage(usage: readonly PodUsage[]): ReadonlyMap<string, { value: number; at: number }> {
  const samples = new Map<string, { value: number; at: number }>();
  for (const { pod, reading } of usage) {
    if (reading.quality === 'Fresh') samples.set(pod, { value: reading.value, at: reading.at });
  }
  return samples;
}

function coverageOf(pods: readonly PodView[], samples: ReadonlyMap<string, unknown>): number {
  const ready = pods.filter((pod) => pod.ready && !pod.deleting);
  return ready.length === 0 ? 0 : ready.filter((pod) => samples.has(pod.name)).length / ready.length;
}

function nothingCounts({ unready, missing, ignored }: PodGroups, coverage: number): UnusableMetric {
  const counts = `${missing.length} without a fresh sample, ${unready.length} not ready, ${ignored.length} ending`;
  return unusable('NoData', `no pod's usage can be counted: ${counts}`, coverage);
}

function mean(values: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const value of values.values()) sum += value;
  return sum / values.size;
}
