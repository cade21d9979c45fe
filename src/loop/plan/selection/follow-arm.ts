import { USUAL_SCALE_DOWN_WINDOW_SECONDS } from '../../../api/spec/behavior.ts';
import { REQUESTS } from '../../monitor/requests.ts';
import { short } from '../../short.ts';
import type { Arm } from '../arms/arm.ts';
import type { ArmInputs } from '../arms/arm-inputs.ts';
import { armReplicas } from '../arms/arm-replicas.ts';
import type { Plan } from '../plan.ts';
import type { Proposal } from '../proposal.ts';

export interface Following {
  readonly arm: Arm;
  /** Undefined while a source of demand is silent. */
  readonly inputs: ArmInputs | undefined;
  readonly current: number;
}

/**
 * The plan as the selected arm has it. A profile of the newsvendor is what was planned with; the others take the place of
 * the forecast's proposals. Whatever the arm, demand as measured is served: the reactive proposals stay, and the largest wins.
 */
export function followArm(planned: Plan, { arm, inputs, current }: Following): Plan {
  if (arm.kind === 'Newsvendor' || inputs === undefined || planned.reactive === undefined) return planned;
  const wanted = armReplicas(arm, inputs, current);
  const replicas = withinDeadBand(arm, wanted, current) ? current : wanted;
  const reactive = planned.proposals.filter(({ source }) => source === 'Reactive');
  const proposal: Proposal = {
    source: 'Policy',
    metric: inputs.workloadClass === 'Requests' ? REQUESTS : nameOfLargest(reactive),
    replicas,
    detail: `${replicas}: ${replicas === wanted ? wordsOf(arm) : `the ${wanted} of ${arm.id} are within its tolerance`}`,
  };
  return {
    ...planned,
    proposals: [...reactive, proposal],
    proposed: Math.max(planned.reactive, replicas),
    scaleDownWindowSeconds: USUAL_SCALE_DOWN_WINDOW_SECONDS,
    leading: arm.kind === 'Quantile' ? planned.leading : undefined,
    newsvendor: undefined,
    neighbours: undefined,
  };
}

function withinDeadBand({ deadBand, both }: Arm, wanted: number, current: number): boolean {
  if (wanted < current) return wanted > current * (1 - deadBand);
  return both && wanted <= current * (1 + deadBand);
}

function nameOfLargest(proposals: readonly Proposal[]): string {
  const largest = proposals.reduce<Proposal | undefined>(
    (best, next) => (best === undefined || next.replicas > best.replicas ? next : best),
    undefined,
  );
  return largest?.metric ?? '';
}

function wordsOf(arm: Exclude<Arm, { kind: 'Newsvendor' }>): string {
  return arm.kind === 'Quantile'
    ? `serves the ${short(100 * arm.level)} % bound of the coming peak`
    : `serves the load just measured at ${short(100 * arm.share)} % of what replicas carry`;
}
