import { clamp, PASS, veto, type Guard } from './guard.ts';

/** Fewer replicas only on proof: every metric fresh, and nearly all ready pods reporting. Unknown is not zero. */
export const dataQualityGuard: Guard = {
  name: 'DataQuality',
  stage: 'Shape',
  check: (value, { current, mayLower, doubt }) =>
    value < current && !mayLower ? veto('InsufficientData', `fewer replicas need proof, but ${doubt}`) : PASS,
};

/** A forecast alone never goes below what the demand just measured asks for. */
export const reactiveFloorGuard: Guard = {
  name: 'ReactiveFloor',
  stage: 'Shape',
  check: (value, { reactive }) =>
    reactive !== undefined && value < reactive
      ? clamp(reactive, 'BelowMeasuredDemand', `measured demand asks for ${reactive}`)
      : PASS,
};

/** While a rollout runs, pods of two revisions share the load: capacity is not taken away (kubernetes#72775). */
export const rolloutGuard: Guard = {
  name: 'Rollout',
  stage: 'Shape',
  check: (value, { target, current }) =>
    target.rolloutInProgress && value < current
      ? veto(
          'RolloutInProgress',
          `${target.kind}/${target.name} is rolling out: no decrease until it is done`,
        )
      : PASS,
};

/** The user's bounds. */
export const boundsGuard: Guard = {
  name: 'Bounds',
  stage: 'Shape',
  check: (value, { policy }) => {
    const { minReplicas, maxReplicas } = policy.spec.horizontal;
    if (value > maxReplicas) return clamp(maxReplicas, 'TooManyReplicas', `maxReplicas is ${maxReplicas}`);
    if (value < minReplicas) return clamp(minReplicas, 'TooFewReplicas', `minReplicas is ${minReplicas}`);
    return PASS;
  },
};
