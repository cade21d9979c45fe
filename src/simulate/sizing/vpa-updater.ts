import type { VpaAmounts } from './vpa-aggregate.ts';
import type { VpaRecommendation } from './vpa-recommender.ts';

/** The defaults of the updater's flags (pkg/updater/config/config.go, v1.8.1). */
const MIN_RELATIVE_CHANGE = 0.1;
const LIFETIME_MS = 12 * 3_600_000;
const QUICK_KILL_MS = 10 * 60_000;

export interface VpaPod {
  readonly request: VpaAmounts;
  /** Ms since the epoch. */
  readonly startedAt: number;
  /** The last out-of-memory kill: when that container had started, and when it was killed. */
  readonly kill?: { readonly startedAt: number; readonly at: number };
}

/**
 * Whether the vertical pod autoscaler's updater replaces a pod in update mode `Recreate`
 * (pkg/updater/priority, v1.8.1): at once when a request is outside the bounds or memory ran out right after the start,
 * otherwise after twelve hours if requests are a tenth off. Disruption budgets and `minReplicas` never forbid it here.
 */
export function vpaReplaces(pod: VpaPod, recommended: VpaRecommendation, now: number): boolean {
  const change = relativeChange(pod.request, recommended.target);
  if (killedQuickly(pod, now) && change > 0) return true;
  if (outside(pod.request, recommended)) return true;
  return now >= pod.startedAt + LIFETIME_MS && change >= MIN_RELATIVE_CHANGE;
}

function killedQuickly({ kill }: VpaPod, now: number): boolean {
  return kill !== undefined && kill.at - kill.startedAt < QUICK_KILL_MS && now - kill.at < QUICK_KILL_MS;
}

function outside(request: VpaAmounts, { lower, upper }: VpaRecommendation): boolean {
  return (
    request.cpu < lower.cpu ||
    request.cpu > upper.cpu ||
    request.memory < lower.memory ||
    request.memory > upper.memory
  );
}

/** Of CPU and memory together. */
function relativeChange(request: VpaAmounts, target: VpaAmounts): number {
  return (
    Math.abs(request.cpu - target.cpu) / Math.max(request.cpu, 1) +
    Math.abs(request.memory - target.memory) / Math.max(request.memory, 1)
  );
}
