import type { PodView } from '../monitor/observation.ts';
import { unusable, type UnusableMetric } from './metric-result.ts';
import { MAX_REPLICAS, toMilli } from './replica-arithmetic.ts';

/** What the mean usage of the pods shall be. */
export type ResourceTarget =
  /** Percent of the requests, 1 or more. */
  | { readonly type: 'Utilization'; readonly percent: number }
  /** Cores or bytes for each pod. */
  | { readonly type: 'AverageValue'; readonly value: number };

/** How usage is compared with the target: whole percent of the requests, or whole milli-units. */
export interface ResourceScale {
  readonly target: number;
  /** The pods' common level, on the scale of `target`; usage in milli-units by pod name. */
  readonly level: (usage: ReadonlyMap<string, number>) => number;
  /** Milli-units that a pod without a sample is taken to use when the others are below target. */
  readonly assumed: (pod: PodView) => number;
  readonly show: (level: number) => string;
}

/** The scale for these pods, or why there is none. */
export function resourceScale(
  target: ResourceTarget,
  resource: 'cpu' | 'memory',
  pods: readonly PodView[],
): ResourceScale | UnusableMetric {
  return target.type === 'Utilization'
    ? utilization(target.percent, resource, pods)
    : average(target.value, resource);
}

/** Rounding is upstream's (metrics/utilization.go, GetResourceUtilizationRatio): whole percent, downwards. */
function utilization(
  percent: number,
  resource: 'cpu' | 'memory',
  pods: readonly PodView[],
): ResourceScale | UnusableMetric {
  if (!(percent > 0)) return unusable('InvalidTarget', `target utilization is ${percent} %`);
  const requests = new Map<string, number>();
  for (const pod of pods) {
    const request = toMilli(pod.requests[resource] ?? 0);
    if (request === 0) return unusable('NoRequest', `a container of pod ${pod.name} requests no ${resource}`);
    requests.set(pod.name, request);
  }
  return {
    target: percent,
    level: (usage) => {
      let used = 0;
      let requested = 0;
      for (const [pod, milli] of usage) {
        used += milli;
        requested += requests.get(pod) ?? 0;
      }
      return Math.min(MAX_REPLICAS, Math.floor((used * 100) / requested));
    },
    // A target above 100 % lets pods use more than they request, so a silent one may be doing that.
    assumed: (pod) => Math.floor(((requests.get(pod.name) ?? 0) * Math.max(100, percent)) / 100),
    show: (level) => `${level} %`,
  };
}

/** Rounding is upstream's (metrics/utilization.go, GetMetricUsageRatio): whole milli-units, downwards. */
function average(value: number, resource: 'cpu' | 'memory'): ResourceScale | UnusableMetric {
  const target = toMilli(value);
  if (!(target > 0)) return unusable('InvalidTarget', `target average value is ${value}`);
  const unit = resource === 'cpu' ? 'cores' : 'bytes';
  return {
    target,
    level: (usage) => {
      let used = 0;
      for (const milli of usage.values()) used += milli;
      return Math.floor(used / usage.size);
    },
    assumed: () => target,
    show: (level) => `${Number((level / 1000).toPrecision(4))} ${unit}`,
  };
}
