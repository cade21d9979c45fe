import { limitRate } from './behavior.ts';
import { clamp, PASS, type Guard, type GuardContext, type Verdict } from './guard.ts';
import { stabilize, type Limited } from './stabilization.ts';

/** HPA's stabilisation windows: down no further than the highest recommendation of the last minutes. */
export const stabilizationGuard: Guard = {
  name: 'Stabilization',
  stage: 'Shape',
  check: (value, context) => {
    const { scaleUp } = behaviorOf(context);
    return verdictOf(
      stabilize({
        desired: value,
        current: context.current,
        scaleUpWindowSeconds: scaleUp.stabilizationWindowSeconds,
        scaleDownWindowSeconds: context.scaleDownWindowSeconds,
        history: context.history,
        now: context.now,
      }),
    );
  },
};

/** HPA's `behavior` policies: how large a step may be. */
export const rateGuard: Guard = {
  name: 'Rate',
  stage: 'Shape',
  check: (value, context) => {
    const { scaleUp, scaleDown } = behaviorOf(context);
    const { current, history, now } = context;
    // A percentage of no replica is none: the first one may always come.
    if (current === 0 && value === 1) return PASS;
    const limited = limitRate({ desired: value, current, scaleUp, scaleDown, history, now });
    return verdictOf(current === 0 && limited.value === 0 && value > 0 ? { ...limited, value: 1 } : limited);
  },
};

function behaviorOf({ policy }: GuardContext) {
  return policy.spec.horizontal.behavior;
}

function verdictOf({ value, limitedBy, message }: Limited<string>): Verdict {
  return limitedBy === undefined ? PASS : clamp(value, limitedBy, message);
}
