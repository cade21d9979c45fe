import { attentionOf, type Attention } from './attention.ts';
import type { ExplainedPolicy, WorkloadStatus } from './explained-policy.ts';
import { labelled } from './layout.ts';
import { agoText, counted, spanText } from './phrases.ts';

/** What the policy is doing at the moment, and what keeps it from more. */
export function nowView(policy: ExplainedPolicy, now: number, width: number): readonly string[] {
  const { workloads = [] } = policy.status;
  const replicas = workloads.map((workload) => replicasText(workload, policy));
  return [
    ...(replicas.length === 0 ? ['not known: the workload has not been seen'] : replicas).flatMap((text) =>
      labelled('Replicas', text, width),
    ),
    ...labelled('Mode', MODES[policy.spec.mode], width),
    ...pendingLines(policy, now, width),
    ...notesOf(policy).flatMap((text) => labelled('Note', text, width)),
    ...conditionLines(policy, now, width),
  ];
}

const MODES: Readonly<Record<ExplainedPolicy['spec']['mode'], string>> = {
  Apply: 'Apply: decisions are carried out',
  Preview: 'Preview: decisions are made and recorded, none is carried out',
};

function replicasText(
  { currentReplicas, readyReplicas, recommendedReplicas }: WorkloadStatus,
  { spec: { horizontal } }: ExplainedPolicy,
): string {
  const wanted =
    recommendedReplicas === undefined ? 'no recommendation at present' : `${recommendedReplicas} recommended`;
  const { minReplicas, maxReplicas } = horizontal;
  return `${currentReplicas} set, ${readyReplicas} ready, ${wanted} (${minReplicas} to ${maxReplicas} allowed)`;
}

function pendingLines({ status }: ExplainedPolicy, now: number, width: number): readonly string[] {
  if (status.pending === undefined) return [];
  const { previousReplicas, nextReplicas, startTime, deadlineTime, decisionId } = status.pending;
  const left = Date.parse(deadlineTime) - now;
  const end = left > 0 ? `ends in ${spanText(left)}` : `should have ended ${agoText(deadlineTime, now)}`;
  return labelled(
    'Under way',
    `${previousReplicas}→${nextReplicas}, begun ${agoText(startTime, now)}, ${end} (decision ${decisionId})`,
    width,
  );
}

/** Why what follows may not be the whole truth. */
function notesOf({ generation, status, leftOut }: ExplainedPolicy): readonly string[] {
  const { observedGeneration: observed, conditions } = status;
  const parts = leftOut.length > 3 ? counted(leftOut.length, 'part') : leftOut.join(', ');
  return [
    ...(conditions === undefined && leftOut.length === 0
      ? [
          'the operator has not looked at this policy yet; if that does not change within a minute, is it running? ' +
            'kubectl get pods -A -l app.kubernetes.io/name=autonomic',
        ]
      : []),
    ...(observed !== undefined && observed < generation
      ? [`the policy was changed since: this is told of its generation ${observed}, and it has ${generation}`]
      : []),
    ...(leftOut.length === 0
      ? []
      : [
          `${parts} of the status cannot be understood, so not shown; is this program older than the operator?`,
        ]),
  ];
}

function conditionLines({ status }: ExplainedPolicy, now: number, width: number): readonly string[] {
  if (status.conditions === undefined) return [];
  const attention = attentionOf(status.conditions);
  if (attention.length === 0) {
    const free = status.conditions.some(({ type, status: is }) => type === 'ScaleDownHeld' && is === 'False');
    return labelled('Conditions', `all as they should be${free ? '; nothing holds decreases' : ''}`, width);
  }
  return attention.flatMap((each, index) =>
    labelled(index === 0 ? 'Attention' : '', attentionText(each, now), width),
  );
}

function attentionText(
  { headline, type, reason, message, lastTransitionTime }: Attention,
  now: number,
): string {
  const lasted = Math.max(0, now - Date.parse(lastTransitionTime));
  return `${headline} (${type}: ${reason}, for ${spanText(lasted)}): ${message}`;
}
