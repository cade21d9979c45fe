import { PASS, veto, type Guard } from './guard.ts';

/** How long a person's own change of the replicas stands before the operator acts again (DESIGN: fights). */
export const MANUAL_OVERRIDE_MS = 30 * 60_000;

/** Two owners of one field fight for ever: an HPA, a ScaledObject or a second policy means hold and say so. */
export const rivalGuard: Guard = {
  name: 'Ownership',
  stage: 'Permit',
  check: (_value, { target }) => {
    const { rivals } = target.ownership;
    if (rivals.length === 0) return PASS;
    const policies = rivals.every((rival) => rival.startsWith('AutonomicPolicy/'));
    return veto(
      policies ? 'ConflictingPolicy' : 'ConflictingAutoscaler',
      `${rivals.join(', ')} also sets the replicas of ${target.kind}/${target.name}: remove it, or this policy`,
    );
  },
};

/** A person (or a deployment tool) who changed the replicas wins for half an hour. */
export const manualChangeGuard: Guard = {
  name: 'ManualChange',
  stage: 'Permit',
  check: (_value, { foreignChange, now }) => {
    if (foreignChange === undefined) return PASS;
    const until = foreignChange.at + MANUAL_OVERRIDE_MS;
    if (now >= until) return PASS;
    const { manager, from, to, at } = foreignChange;
    const step = from === undefined ? `to ${to} before` : `from ${from} to ${to} at`;
    const what = `${manager ?? 'somebody else'} changed the replicas ${step} ${new Date(at).toISOString()}`;
    return veto('ManualChange', `${what}; acting again at ${new Date(until).toISOString()}`);
  },
};
