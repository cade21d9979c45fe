import type { PodView } from '../../loop/monitor/observation.ts';
import { POD_GROUPING } from '../../loop/plan/hpa-defaults.ts';
import {
  keepDirection,
  saturatingCeil,
  toMilli,
  withinTolerance,
  type Tolerance,
} from '../../loop/plan/replica-arithmetic.ts';
import type { ScalerView } from '../scaler.ts';
import { coresPerPod, CPU_WINDOW_SECONDS, isSampled } from './pod-cpu.ts';

/** Every simulated pod requests one core. */
const REQUEST_MILLI = 1000;

/**
 * Replicas for a target CPU utilisation: `resourceReplicas` of the loop, which is the HPA's own rule with its missing
 * and unready pods, for pods of which one is like the other. Counting them is enough then, and a week of decisions
 * over hundreds of pods takes milliseconds; a property test holds the two together. Undefined when no pod's usage
 * can be counted.
 */
export function cpuReplicas(view: ScalerView, percent: number, tolerance: Tolerance): number | undefined {
  const cores = coresPerPod(view);
  if (cores === undefined) return undefined;
  const { counted, missing, unready } = countPods(view);
  if (counted === 0) return undefined;

  const used = counted * toMilli(cores);
  const level = levelOf(used, counted);
  const missed = level === percent ? 0 : missing;
  const assumed = missed + (level > percent ? unready : 0);
  if (assumed === 0) return replicasFor(level, counted, { percent, tolerance, current: view.replicas });

  const missedUse = level < percent ? missed * Math.max(100, percent) * (REQUEST_MILLI / 100) : 0;
  const corrected = levelOf(used + missedUse, counted + assumed);
  const turned = (level < percent && corrected > percent) || (level > percent && corrected < percent);
  if (turned) return view.replicas;
  return replicasFor(corrected, counted + assumed, { percent, tolerance, current: view.replicas });
}

interface Aim {
  readonly percent: number;
  readonly tolerance: Tolerance;
  readonly current: number;
}

function replicasFor(level: number, pods: number, { percent, tolerance, current }: Aim): number {
  const ratio = level / percent;
  if (withinTolerance(ratio, tolerance)) return current;
  return keepDirection(ratio, saturatingCeil((level * pods) / percent), current);
}

/** Whole percent of the requests, downwards, as upstream has it. */
function levelOf(usedMilli: number, pods: number): number {
  return Math.floor((usedMilli * 100) / (pods * REQUEST_MILLI));
}

/** The groups of pod-groups.ts by their size. */
function countPods({ pods, now, measured: { until } }: ScalerView): {
  counted: number;
  missing: number;
  unready: number;
} {
  let counted = 0;
  let missing = 0;
  let unready = 0;
  for (const pod of pods) {
    if (pod.deleting || pod.phase === 'Failed') continue;
    if (pod.phase === 'Pending') unready += 1;
    else if (!isSampled(pod, until)) missing += 1;
    else if (warmingUp(pod, until, now)) unready += 1;
    else counted += 1;
  }
  return { counted, missing, unready };
}

/** Of a ready pod with a sample: young, and its sample reaches back to before it was ready. */
function warmingUp({ startedAt, readyChangedAt = 0 }: PodView, until: number, now: number): boolean {
  if (startedAt === undefined) return true;
  const young = startedAt + POD_GROUPING.cpuInitializationSeconds * 1000 > now;
  return young && until < readyChangedAt + CPU_WINDOW_SECONDS * 1000;
}
