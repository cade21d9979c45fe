import { attentionOf } from './attention.ts';
import type { ExplainedPolicy } from './explained-policy.ts';
import { chosenDecisions, type ViewOptions } from './policy-view.ts';

/** For programs: the status with its own names, the decisions that were asked for, and what is not as it should be. */
export function explainDocument(policy: ExplainedPolicy, decisions: ViewOptions['decisions']): unknown {
  const { namespace, name, generation, spec, status, leftOut } = policy;
  const { kind, name: target } = spec.targetRef;
  return {
    policy: { namespace, name, generation, observedGeneration: status.observedGeneration },
    target: { kind, name: target },
    mode: spec.mode,
    attention: attentionOf(status.conditions ?? []),
    conditions: status.conditions,
    workloads: status.workloads,
    pending: status.pending,
    decisions: status.decisions === undefined ? undefined : chosenDecisions(policy, decisions),
    ...(leftOut.length === 0 ? {} : { notUnderstood: leftOut }),
  };
}
