import { PEAK_LEVELS } from '../../analyze/analyze.ts';
import { slowShareOf } from '../capacity/service-model.ts';
import { keepOf } from '../newsvendor/paced-newsvendor.ts';
import { saturatingCeil } from '../replica-arithmetic.ts';
import type { Arm } from './arm.ts';
import type { ArmInputs, MetricArmInputs, RequestArmInputs } from './arm-inputs.ts';

/**
 * The replicas that an arm wants of `current` (ready and starting), within the policy's bounds, before any hold. Where
 * its forecast is not there it wants what demand as measured asks for.
 */
export function armReplicas(arm: Arm, inputs: ArmInputs, current: number): number {
  const wanted =
    inputs.workloadClass === 'Requests' ? ofRequests(arm, inputs, current) : ofMetrics(arm, inputs);
  const forecast = arm.kind === 'Utilization' ? wanted : Math.max(wanted, inputs.floor);
  return Math.min(inputs.maxReplicas, Math.max(inputs.minReplicas, forecast));
}

function ofRequests(arm: Arm, inputs: RequestArmInputs, current: number): number {
  const { demand, service, stock, peaks, slowShare, maxReplicas } = inputs;
  switch (arm.kind) {
    case 'Utilization':
      return saturatingCeil(demand / (arm.share * service.requestsPerSecond));
    case 'Quantile': {
      const peak = peaks?.[PEAK_LEVELS.findIndex((level) => level === arm.level)];
      return peak === undefined ? 0 : servingNear(current, peak, { service, slowShare, maxReplicas });
    }
    case 'Newsvendor': {
      if (stock === undefined) return 0;
      const { demands, price, orderUpTo } = stock;
      const settings = { service, slowShare, maxReplicas, profile: arm.profile };
      const guess = { up: current, stay: current };
      return Math.max(orderUpTo, keepOf(price, { settings, demands, current, guess }));
    }
  }
}

function ofMetrics(arm: Arm, { loads }: MetricArmInputs): number {
  let most = 0;
  for (const { demand, target, peaks } of loads) {
    if (arm.kind === 'Utilization') most = Math.max(most, saturatingCeil(demand / (arm.share * target)));
    if (arm.kind !== 'Quantile') continue;
    const peak = peaks?.[PEAK_LEVELS.findIndex((level) => level === arm.level)];
    if (peak !== undefined) most = Math.max(most, saturatingCeil(peak / target));
  }
  return most;
}

/**
 * As `replicasServing`, with the tabulated waits and from a guess: one or two looks where the answer has not moved.
 * Within 1e-4 of the accepted share; never beyond `maxReplicas`.
 */
function servingNear(
  guess: number,
  demand: number,
  { service, slowShare, maxReplicas }: Pick<RequestArmInputs, 'service' | 'slowShare' | 'maxReplicas'>,
): number {
  if (!(demand > 0)) return 0;
  const serves = (replicas: number): boolean => slowShareOf(replicas, demand, service) <= slowShare;
  const least = Math.max(1, Math.ceil(demand / service.requestsPerSecond));
  let replicas = Math.max(least, Math.min(guess, maxReplicas));
  let step = 1;
  if (serves(replicas)) {
    while (replicas > least && serves(Math.max(least, replicas - step))) {
      replicas = Math.max(least, replicas - step);
      step *= 2;
    }
    return refine(Math.max(least, replicas - step), replicas, serves);
  }
  while (replicas < maxReplicas && !serves(Math.min(maxReplicas, replicas + step))) {
    replicas = Math.min(maxReplicas, replicas + step);
    step *= 2;
  }
  return refine(replicas, Math.min(maxReplicas, replicas + step), serves);
}

/** The least that serves of those above `low`, which does not serve or is the least, up to `high`. */
function refine(low: number, high: number, serves: (replicas: number) => boolean): number {
  if (serves(low)) return low;
  let below = low;
  let above = high;
  while (above - below > 1) {
    const middle = below + Math.floor((above - below) / 2);
    if (serves(middle)) above = middle;
    else below = middle;
  }
  return above;
}
