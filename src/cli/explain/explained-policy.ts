import { parsePolicy } from '../../api/parse-policy.ts';
import type { PolicySpec } from '../../api/policy-spec.ts';
import type { PolicyStatus } from '../../api/policy-status.ts';
import { problemText } from '../../api/problem.ts';
import { InputError } from '../verb.ts';
import { readableStatus, type ReadableStatus } from './readable-status.ts';

export type WorkloadStatus = NonNullable<PolicyStatus['workloads']>[number];
export type DecisionStatus = NonNullable<PolicyStatus['decisions']>[number];
export type AnomalyStatus = NonNullable<WorkloadStatus['anomalies']>[number];

/** A policy of the cluster as far as it is told of. */
export interface ExplainedPolicy extends ReadableStatus {
  readonly namespace: string;
  readonly name: string;
  readonly generation: number;
  readonly spec: PolicySpec;
}

/** @param object as the API server has it @throws InputError that names every field which is wrong */
export function explainedPolicy(object: unknown): ExplainedPolicy {
  const parsed = parsePolicy(object);
  if (!parsed.ok) {
    const problems = parsed.problems.map(problemText).join('; ');
    throw new InputError(`policy ${nameOf(object)}: ${problems}; is this program older than the policy?`);
  }
  const { metadata, spec } = parsed.policy;
  const { namespace, name, generation } = metadata;
  return { namespace, name, generation, spec, ...readableStatus((object as { status?: unknown }).status) };
}

function nameOf(object: unknown): string {
  const { metadata } = object as { metadata?: { namespace?: string; name?: string } };
  return `${metadata?.namespace ?? '?'}/${metadata?.name ?? '?'}`;
}
