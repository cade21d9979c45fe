import { POLICY_KIND } from '../../../api/names.ts';
import type { PolicyStatus } from '../../../api/policy-status.ts';
import type { PolicyView } from '../../../loop/policy-view.ts';
import type { LoopReport } from '../../../loop/report.ts';
import type { FindRunbook, RunbookPassage } from '../../knowledge/policy-memory.ts';
import { shownAnomalies } from './anomalies-status.ts';

/** The status with the passage that fits each anomaly best, or else with what the policy itself says is to be done. */
export function withRunbooks(
  status: PolicyStatus,
  policy: PolicyView,
  { anomalies }: LoopReport,
  find: FindRunbook,
): PolicyStatus {
  const open = shownAnomalies(anomalies?.open ?? []);
  if (open.length === 0 || status.workloads === undefined) return status;
  const passages = open.map((anomaly) => find(policy.namespace, anomaly) ?? annotated(policy));
  const workloads = status.workloads.map((workload) => {
    const shown = workload.anomalies?.map((anomaly, place) => {
      const runbook = passages[place];
      return runbook === undefined ? anomaly : { ...anomaly, runbook };
    });
    return shown === undefined ? workload : { ...workload, anomalies: shown };
  });
  return { ...status, workloads };
}

function annotated({ namespace, name, runbook }: PolicyView): RunbookPassage | undefined {
  if (runbook === undefined) return undefined;
  return { source: `${POLICY_KIND} ${namespace}/${name}`, title: name, text: runbook };
}
