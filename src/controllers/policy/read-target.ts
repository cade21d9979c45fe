import { ApiError } from '../../adapters/kubernetes/errors.ts';
import type { WorkloadRecord } from '../../adapters/kubernetes/records.ts';
import type { TargetProblem, TargetView } from '../../loop/monitor/observation.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import type { SessionPorts } from './session-ports.ts';

/** The target read live, with the record that a write needs: what is about to be changed is never judged by a cache. */
export async function readTarget(
  { targets, see }: Pick<SessionPorts, 'targets' | 'see'>,
  policy: PolicyView,
): Promise<(TargetView & WorkloadRecord) | TargetProblem> {
  const { kind, name } = policy.spec.targetRef;
  try {
    const workload = await targets.read({ kind, namespace: policy.namespace, name });
    return { ...workload, ...see(policy, workload), kind };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 404) return { problem: 'NotFound', message: `${kind}/${name} does not exist` };
    return { problem: error.status === 403 ? 'Forbidden' : 'Unreachable', message: error.message };
  }
}
