import { PASS, veto, type Guard } from './guard.ts';

// May this process write to this target at all? These guards ask nothing about the value.

/** `spec.suspend` or the annotation: acting stops at once, observing and learning go on. */
export const suspendGuard: Guard = {
  name: 'Suspend',
  stage: 'Permit',
  check: (_value, { policy }) => {
    if (policy.spec.suspend) return veto('SuspendedBySpec', 'spec.suspend is true');
    if (policy.suspendedByAnnotation) {
      return veto('SuspendedByAnnotation', 'the annotation autonomic.dev/suspend is "true"');
    }
    return PASS;
  },
};

/** `Preview` decides and records; only `Apply` writes to the target. */
export const modeGuard: Guard = {
  name: 'Mode',
  stage: 'Permit',
  check: (_value, { policy }) =>
    policy.spec.mode === 'Apply' ? PASS : veto('PreviewMode', 'spec.mode is Preview: set it to Apply to act'),
};

/** Only the holder of the lease acts; a standby decides the same and stays silent. */
export const leadershipGuard: Guard = {
  name: 'Leadership',
  stage: 'Permit',
  check: (_value, { acting }) =>
    acting ? PASS : veto('NotLeader', 'this replica of the operator is not the leader'),
};

/** One action at a time: the next waits until the last one is known to be applied or aborted. */
export const inFlightGuard: Guard = {
  name: 'InFlight',
  stage: 'Permit',
  check: (_value, { actionInFlight }) =>
    actionInFlight ? veto('ActionInFlight', 'an earlier decision is still on its way to the target') : PASS,
};

/** A target that somebody switched off, paused or is deleting is left alone. */
export const targetStateGuard: Guard = {
  name: 'TargetState',
  stage: 'Permit',
  check: (_value, { target, policy }) => {
    if (target.deleting || policy.deleting)
      return veto('TargetUnavailable', 'the target or the policy is being deleted');
    if (target.paused) return veto('TargetPaused', `${target.kind}/${target.name} is paused`);
    if (target.specReplicas === 0 && policy.spec.horizontal.minReplicas > 0) {
      return veto('TargetPaused', `${target.kind}/${target.name} has 0 replicas: somebody switched it off`);
    }
    return PASS;
  },
};
