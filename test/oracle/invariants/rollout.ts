import { field, numberField, textField } from '../body.ts';
import type { TargetWrite } from '../history.ts';
import { nameOf, targetBefore } from '../questions.ts';
import type { Invariant } from '../violation.ts';

/** I14: no change of a pod template while a rollout of the workload has not finished. */
export const noTemplateDuringRollout: Invariant = (history) =>
  history.targetWrites
    .filter((write) => write.succeeded && touchesTemplate(write))
    .filter((write) => !isRolledOut(targetBefore(history, write)))
    .map((write) => ({
      invariant: 'I14',
      auditId: write.auditId,
      message: `the pod template of ${nameOf(write)} was changed during a rollout`,
    }));

function touchesTemplate({ operations, request }: TargetWrite): boolean {
  if (operations === null) return field(request, 'spec', 'template') !== undefined;
  return operations.some(({ op, path }) => op !== 'test' && /^\/spec(\/template(\/|$)|$)/.test(path));
}

/** As `kubectl rollout status` judges; a workload nobody has seen yet is not rolled out. */
function isRolledOut(workload: unknown): boolean {
  const status = (name: string): number => numberField(workload, 'status', name) ?? 0;
  const wanted = numberField(workload, 'spec', 'replicas');
  if (wanted === undefined) return false;
  return (
    status('observedGeneration') >= (numberField(workload, 'metadata', 'generation') ?? Infinity) &&
    status('updatedReplicas') >= wanted &&
    status('replicas') <= status('updatedReplicas') &&
    status('availableReplicas') >= status('updatedReplicas') &&
    textField(workload, 'status', 'currentRevision') === textField(workload, 'status', 'updateRevision')
  );
}
