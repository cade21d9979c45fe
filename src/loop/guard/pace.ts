import { PASS, veto, type Guard } from './guard.ts';

// How often may the target change? Learning first, then minimum gaps, then a budget for the hour.

/** A new policy watches for `observationSeconds` before its first action. */
export const observationGuard: Guard = {
  name: 'Observation',
  stage: 'Permit',
  check: (_value, { now, observedSince, policy }) => {
    const remaining = observedSince + policy.spec.observationSeconds * 1000 - now;
    return remaining <= 0
      ? PASS
      : veto('Observing', `observing for another ${Math.ceil(remaining / 1000)} s before the first action`);
  },
};

/** Minimum gap since the last action, by direction of the new one. */
export const cooldownGuard: Guard = {
  name: 'Cooldown',
  stage: 'Permit',
  check: (value, { now, current, lastActionAt, policy }) => {
    if (lastActionAt === undefined || value === current) return PASS;
    const seconds =
      value > current ? policy.spec.scaleUpCooldownSeconds : policy.spec.scaleDownCooldownSeconds;
    const remaining = lastActionAt + seconds * 1000 - now;
    if (remaining <= 0) return PASS;
    const field = value > current ? 'scaleUpCooldownSeconds' : 'scaleDownCooldownSeconds';
    return veto(
      'Cooldown',
      `${field} is ${seconds}: ${Math.ceil(remaining / 1000)} s left since the last action`,
    );
  },
};

/**
 * After `limits.actionsPerHour` changes in an hour nothing is lowered: a limit on churn must not turn a rising load into
 * an outage, and what is never lowered cannot rise for long.
 */
export const actionLimitGuard: Guard = {
  name: 'ActionLimit',
  stage: 'Permit',
  check: (value, { actionsInLastHour, current, policy }) => {
    const limit = policy.spec.limits.actionsPerHour;
    if (actionsInLastHour < limit || value >= current) return PASS;
    return veto(
      'ActionLimit',
      `no decrease: limits.actionsPerHour is ${limit}, and ${actionsInLastHour} were taken`,
    );
  },
};

const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 300_000;

/**
 * One refusal is a coincidence, and the next tick decides afresh. Several in a row are a quota, a webhook or a missing
 * right, which asking again does not change: each further one doubles the pause.
 */
export const refusalGuard: Guard = {
  name: 'Refusal',
  stage: 'Permit',
  check: (_value, { now, refusals }) => {
    if (refusals === undefined || refusals.count < 2) return PASS;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (refusals.count - 2));
    const remaining = refusals.lastAt + pause - now;
    return remaining <= 0
      ? PASS
      : veto(
          'ChangesRefused',
          `${refusals.count} changes in a row were refused; trying again in ${Math.ceil(remaining / 1000)} s`,
        );
  },
};
