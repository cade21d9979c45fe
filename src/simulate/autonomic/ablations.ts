import type { Contender } from '../scaler.ts';
import { requestsContender } from './autonomic.ts';

/** More than any workload is scaled by. */
const ANY_STEP = { policies: [{ type: 'Pods', value: 1_000_000, periodSeconds: 15 }] };

/** Autonomic with one part left out: what each is worth, and what each costs. */
export const ABLATIONS: readonly Contender[] = [
  requestsContender('without-forecast', 'Autonomic without forecast', { forecast: { mode: 'Disabled' } }),
  requestsContender('without-pacing', 'Autonomic with one price for bad requests', {
    hooks: {
      before: ({ requests }) => {
        if (requests !== undefined) requests.newsvendor.pacing.debt = 0;
      },
    },
  }),
  requestsContender('without-bad-query', 'Autonomic that is not told of bad requests', {
    requests: { badQuery: undefined },
  }),
  requestsContender('without-capacity', 'Autonomic that learns what a replica completes', {
    requests: { perReplica: undefined },
  }),
  requestsContender('without-step-limits', 'Autonomic without limits of its steps', {
    horizontal: { behavior: { scaleUp: ANY_STEP, scaleDown: ANY_STEP } },
  }),
  requestsContender('without-cooldowns', 'Autonomic without cooldowns', {
    rest: { scaleUpCooldownSeconds: 0, scaleDownCooldownSeconds: 0 },
  }),
  requestsContender('without-action-limit', 'Autonomic with up to 240 changes an hour', {
    rest: { limits: { actionsPerHour: 240 } },
  }),
];
