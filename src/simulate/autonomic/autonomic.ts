import { policySpecSchema, type PolicySpec } from '../../api/policy-spec.ts';
import { formatQuantity } from '../../api/quantity.ts';
import type { Contender, ScalerContext } from '../scaler.ts';
import { AutonomicScaler } from './autonomic-scaler.ts';

/**
 * This project as its user would run it on one metric: requests per second, with the defaults of an AutonomicPolicy.
 * Tuned as KEDA is: what share of a replica's capacity each replica should carry.
 */
export const autonomic: Contender = {
  name: 'autonomic',
  title: 'Autonomic',
  source: 'this version of src/loop',
  knob: {
    name: 'target requests per replica, % of capacity',
    values: [95, 90, 85, 80, 75, 70, 65, 60, 55, 50, 40, 30],
  },
  create: (knob, context) => new AutonomicScaler(defaultSpec(knob, context), context),
};

/** An existing policy, as it is: nothing to tune. */
export function policyContender(spec: PolicySpec): Contender {
  return {
    ...autonomic,
    title: 'Autonomic with this policy',
    knob: { name: 'as in the policy', values: [1] },
    create: (_, context) => new AutonomicScaler({ ...spec, mode: 'Apply', observationSeconds: 0 }, context),
  };
}

function defaultSpec(percent: number, { serviceRate, bounds }: ScalerContext): PolicySpec {
  return policySpecSchema.parse({
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'simulated' },
    mode: 'Apply',
    metrics: [
      {
        type: 'Prometheus',
        prometheus: {
          name: 'requests-per-second',
          query: 'sum(rate(http_requests_total[30s]))',
          target: { type: 'AverageValue', averageValue: formatQuantity((percent / 100) * serviceRate) },
        },
      },
    ],
    horizontal: bounds,
    observationSeconds: 0,
  });
}
