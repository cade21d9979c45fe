import type { GuardTrace } from './chain.ts';
import { clamp, PASS, veto, type Guard } from './guard.ts';
import { BREAKER_COUNT, breakerUntil } from './rollback.ts';

/** Back to where it was: not at the speed that the rates allow, but at once. */
export const rollbackGuard: Guard = {
  name: 'Rollback',
  stage: 'Shape',
  check: (value, { safety }) => {
    const floor = safety.rollbacks.floor;
    return floor !== undefined && value < floor.replicas
      ? clamp(floor.replicas, 'Rollback', floor.message)
      : PASS;
  },
};

/** After a decrease that had to be undone: a pause, and after three of them in a day a longer one. */
export const regretGuard: Guard = {
  name: 'Regret',
  stage: 'Shape',
  check: (value, { current, safety: { rollbacks }, now }) => {
    if (value >= current) return PASS;
    const until = breakerUntil(rollbacks);
    if (until !== undefined && now < until) {
      return veto(
        'RollbackBreaker',
        `${BREAKER_COUNT} decreases in a day had to be undone: none before ${new Date(until).toISOString()}`,
      );
    }
    const { pause } = rollbacks;
    if (pause === undefined || now >= pause.at + pause.ms) return PASS;
    const end = new Date(pause.at + pause.ms).toISOString();
    return veto('RolledBack', `the last decrease had to be undone: none before ${end}`);
  },
};

/** Did this guard send the replicas back to where they were? */
export function isRollback({ guard, outcome }: GuardTrace): boolean {
  return guard === rollbackGuard.name && outcome === 'Clamp';
}
