import { PASS, veto, type Guard } from './guard.ts';

// What the service itself says: does it do well enough to get fewer replicas, and would more of them come?

/**
 * CPU also falls because every request waits for something else (Slack, 4 January 2021): nothing is given back while
 * the objective is violated, nor while its error budget burns.
 */
export const objectiveGuard: Guard = {
  name: 'Objective',
  stage: 'Shape',
  check: (value, { current, safety: { budget } }) => {
    if (value >= current) return PASS;
    if (budget.badNow !== undefined) return veto('ObjectiveViolated', `no decrease now: ${budget.badNow}`);
    if (budget.burning !== undefined) return veto('ErrorBudgetBurning', `no decrease now: ${budget.burning}`);
    return PASS;
  },
};

/** Pods that cannot come are not ordered again and again: what was ordered stays ordered, and more is not. */
export const headroomGuard: Guard = {
  name: 'Headroom',
  stage: 'Shape',
  check: (value, { current, safety: { shortage } }) =>
    shortage !== undefined && value > current
      ? veto('NoHeadroom', `more replicas would not come: ${shortage}`)
      : PASS,
};
