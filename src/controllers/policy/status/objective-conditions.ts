import type { ConditionReason } from '../../../api/conditions.ts';
import type { StrainedBudget } from '../../../loop/plan/newsvendor/budget-outlook.ts';
import type { LoopReport } from '../../../loop/report.ts';
import { quantityText } from './quantity-text.ts';
import { timeText } from './time-text.ts';

interface Of<Type extends 'ObjectiveMeasured' | 'ObjectiveAttainable'> {
  readonly reason: ConditionReason<Type>;
  readonly message: string;
}

const NO_TARGET = { reason: 'TargetUnavailable', message: 'without a target nothing is measured' } as const;

/** Whether bad requests are counted, and what is looked at otherwise. */
export function objectiveMeasured({ target, objective }: LoopReport): Of<'ObjectiveMeasured'> {
  if ('problem' in target) return NO_TARGET;
  if (objective === undefined) return { reason: 'NoObjective', message: 'the policy has no spec.objective' };
  const { measurement } = objective;
  return { reason: measurement.measured ? 'Measured' : measurement.reason, message: measurement.message };
}

/** Whether the objective can be met, and what would help where it cannot. */
export function objectiveAttainable({ target, objective }: LoopReport): Of<'ObjectiveAttainable'> {
  if ('problem' in target) return NO_TARGET;
  if (objective === undefined) return { reason: 'NotCounted', message: 'the policy has no spec.objective' };
  const { measurement, strained } = objective;
  if (strained !== undefined) return { reason: 'StrainedBudget', message: adviceOf(strained) };
  // Counters that are not fresh for a while leave the price as it is, and with it what is known here.
  if (!measurement.measured && measurement.reason !== 'NotFresh') {
    return { reason: 'NotCounted', message: 'bad requests are not counted, so that nobody can tell' };
  }
  return { reason: 'Attainable', message: 'bad requests have not been at an extreme price for a day' };
}

function adviceOf({ since, priceFactor, floorReplicas, startupSeconds }: StrainedBudget): string {
  const known =
    `too many requests have been bad since ${timeText(since)}, although they count ` +
    `${quantityText(priceFactor)} times as much as usual: load comes faster than replicas start`;
  const advice = [
    ...(floorReplicas === undefined ? [] : [`horizontal.minReplicas: ${floorReplicas}`]),
    ...(startupSeconds === undefined ? [] : [`replicas that start within ${startupSeconds} s`]),
  ];
  if (advice.length === 0) {
    return `${known}; more standing replicas (horizontal.minReplicas), a faster start or a wider objective would help`;
  }
  return `${known}; over the last days ${advice.join(', or ')} would have met the objective`;
}
