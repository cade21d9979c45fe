import { structureOf } from '../adapters/checkpoint/state-digest.ts';
import { policySpecSchema } from '../api/policy-spec.ts';
import { createPolicyState } from '../loop/state.ts';

const query = { query: 'sum(rate(requests_total[1m]))', target: { type: 'AverageValue', averageValue: '1' } };

/** A policy with a series of every kind. */
const SPEC = {
  targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'sample' },
  metrics: [
    { type: 'Prometheus', prometheus: { name: 'requests', ...query } },
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
  ],
  horizontal: { maxReplicas: 2 },
  selection: { strategy: 'LinUCB' },
};

/**
 * What the states of this program are made of. A checkpoint of states that are made otherwise is not read, even when
 * nobody raised `STATE_SCHEMA_VERSION`.
 */
export function stateStructure(): string {
  const states = (['Full', 'Light'] as const).map((tier) => {
    const spec = policySpecSchema.parse({ ...SPEC, forecast: { tier } });
    const view = {
      uid: 'sample',
      namespace: 'sample',
      name: 'sample',
      generation: 1,
      createdAt: 0,
      suspendedByAnnotation: false,
      expectedUntil: 0,
      deleting: false,
      spec,
    };
    return createPolicyState(view, 0);
  });
  return structureOf(states);
}
