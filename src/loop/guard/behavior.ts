import type { ScalingRules } from '../../api/policy-spec.ts';
import { MAX_REPLICAS } from '../plan/replica-arithmetic.ts';
import { changesWithin, type ScalingHistory } from './history.ts';
import type { Limited } from './stabilization.ts';

/** The part of `behavior.scaleUp` or `.scaleDown` that limits how fast replicas change. */
export type RateRules = Pick<ScalingRules, 'selectPolicy' | 'policies'>;

type RatePolicy = RateRules['policies'][number];

export interface RateLimitInput {
  readonly desired: number;
  /** `spec.replicas` of the target. */
  readonly current: number;
  readonly scaleUp: RateRules;
  readonly scaleDown: RateRules;
  readonly history: ScalingHistory;
  /** Ms since the epoch. */
  readonly now: number;
}

/**
 * Limits the step from `current` to `desired` by the policies of its direction (kubernetes v1.36.3 horizontal.go,
 * convertDesiredReplicasWithBehaviorRate without the bounds, which have their own guard). The value lies between
 * `current` and `desired`.
 */
export function limitRate(input: RateLimitInput): Limited<'ScaleUpLimit' | 'ScaleDownLimit'> {
  const { desired, current } = input;
  if (desired > current) {
    const limit = Math.max(current, scaleUpLimit(input));
    if (desired > limit)
      return limited(limit, 'ScaleUpLimit', `at most ${limit} replicas now`, input.scaleUp);
  } else if (desired < current) {
    const limit = Math.min(current, scaleDownLimit(input));
    if (desired < limit)
      return limited(limit, 'ScaleDownLimit', `at least ${limit} replicas now`, input.scaleDown);
  }
  return { value: desired, message: `${desired} is within the rates` };
}

function limited<Reason extends string>(
  value: number,
  limitedBy: Reason,
  what: string,
  { selectPolicy, policies }: RateRules,
): Limited<Reason> {
  if (selectPolicy === 'Disabled') return { value, limitedBy, message: `${what}: selectPolicy is Disabled` };
  const rates = policies.map(({ type, value: step, periodSeconds }) => {
    return `${step}${type === 'Percent' ? ' %' : ' pods'} in ${periodSeconds} s`;
  });
  const choice = rates.length > 1 ? `the ${selectPolicy === 'Min' ? 'smaller' : 'larger'} of ` : '';
  return { value, limitedBy, message: `${what}: ${choice}${rates.join(' and ')}` };
}

/** Most replicas that the policies allow; rounded up, or 10 % of a few replicas would never add one. */
function scaleUpLimit({
  current,
  scaleUp: { selectPolicy, policies },
  history,
  now,
}: RateLimitInput): number {
  if (selectPolicy === 'Disabled') return current;
  const limits = policies.map((policy) => {
    const start = periodStart(policy, current, history, now);
    return policy.type === 'Pods' ? start + policy.value : Math.ceil(start * (1 + policy.value / 100));
  });
  return saturate(selectPolicy === 'Min' ? Math.min(...limits) : Math.max(...limits));
}

/** Fewest replicas that the policies allow; the larger change is the smaller count. */
function scaleDownLimit({
  current,
  scaleDown: { selectPolicy, policies },
  history,
  now,
}: RateLimitInput): number {
  if (selectPolicy === 'Disabled') return current;
  const limits = policies.map((policy) => {
    const start = periodStart(policy, current, history, now);
    return policy.type === 'Pods' ? start - policy.value : Math.trunc(start * (1 - policy.value / 100));
  });
  return saturate(selectPolicy === 'Min' ? Math.max(...limits) : Math.min(...limits));
}

/** Replicas at the start of the policy's period, by undoing the changes made since. */
function periodStart(
  { periodSeconds }: RatePolicy,
  current: number,
  history: ScalingHistory,
  now: number,
): number {
  const { added, removed } = changesWithin(history, { now, seconds: periodSeconds });
  return current - added + removed;
}

function saturate(limit: number): number {
  return Math.min(MAX_REPLICAS, Math.max(0, limit));
}
