import { numberField } from '../body.ts';
import type { TargetWrite } from '../history.ts';
import { actuations, directionOf, nameOf, policyOf } from '../questions.ts';
import type { Invariant, Violation } from '../violation.ts';

/** The API's defaults, for a policy whose object the log does not show. */
const DEFAULTS = { scaleUpCooldownSeconds: 15, scaleDownCooldownSeconds: 60 };
/** The operator counts from its own decision, we from the server's receipt: requests may differ in their way there. */
const LATENCY_SECONDS = 1;

/**
 * I5: at most one actuation of a policy within its cooldown, whichever leader or process made the one before. Policies
 * count by name, so that deleting and creating one anew is no way around it.
 */
export const oneActionPerCooldown: Invariant = (history) => {
  const previous = new Map<string, TargetWrite>();
  return actuations(history).flatMap((write): Violation[] => {
    const policy = policyOf(history, write);
    const key = policy === undefined ? nameOf(write) : `${policy.namespace}/${policy.name}`;
    const before = previous.get(key);
    previous.set(key, write);
    if (before === undefined) return [];
    const name = directionOf(history, write) > 0 ? 'scaleUpCooldownSeconds' : 'scaleDownCooldownSeconds';
    const cooldown = numberField(policy?.spec, name) ?? DEFAULTS[name];
    const gap = (write.at - before.at) / 1000;
    if (gap >= cooldown - LATENCY_SECONDS) return [];
    const message = `${nameOf(write)} was changed ${gap} s after the change before, ${name} is ${cooldown}`;
    return [{ invariant: 'I5', auditId: write.auditId, message }];
  });
};
