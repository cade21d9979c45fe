import { anomalyView } from './anomaly-view.ts';
import { decisionView } from './decision-view.ts';
import type { DecisionStatus, ExplainedPolicy, WorkloadStatus } from './explained-policy.ts';
import { labelled, wrap } from './layout.ts';
import { memorySummary, memoryView, saysNoMore } from './memory-view.ts';
import { nowView } from './now-view.ts';
import { predictionText } from './prediction-line.ts';
import { selectionView } from './selection-view.ts';

export interface ViewOptions {
  /** ms since the epoch. */
  readonly now: number;
  readonly width: number;
  /** `Last`, all that are kept, or the one of an id, which must be one of them. */
  readonly decisions: 'Last' | 'All' | { readonly id: string };
}

/** Everything that the status tells of a policy, for people. */
export function policyView(policy: ExplainedPolicy, options: ViewOptions): string {
  const { namespace, name, spec } = policy;
  const { now, width } = options;
  const { kind, name: target } = spec.targetRef;
  const blocks = [
    [`${namespace}/${name} (${kind} ${target})`],
    ['NOW', ...nowView(policy, now, width)],
    ...decisionBlocks(policy, options),
    ...(policy.status.workloads ?? []).flatMap((workload) => workloadBlocks(policy, workload, options)),
    hintLines(policy, options),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** Those that were asked for, newest first. */
export function chosenDecisions(
  { status: { decisions = [] } }: ExplainedPolicy,
  choice: ViewOptions['decisions'],
): readonly DecisionStatus[] {
  if (choice === 'All') return decisions;
  return choice === 'Last' ? decisions.slice(0, 1) : decisions.filter(({ id }) => id === choice.id);
}

function decisionBlocks(policy: ExplainedPolicy, options: ViewOptions): readonly (readonly string[])[] {
  const { now, width, decisions: choice } = options;
  const { pending, workloads } = policy.status;
  const chosen = chosenDecisions(policy, choice);
  if (chosen.length === 0) {
    const text = 'none yet: one is recorded when other replicas are wanted than there are';
    return [['LAST DECISION', ...labelled('Decided', text, width)]];
  }
  const current = workloads?.[0]?.memory;
  return chosen.map((decision, index) => [
    headingOf(choice, index, chosen.length),
    ...decisionView(decision, { pending, now, width }),
    // With many decisions a table for each would hide them.
    ...decisionMemory(decision, { width, current: choice === 'All' ? decision.memory : current }),
  ]);
}

function headingOf(choice: ViewOptions['decisions'], index: number, count: number): string {
  if (choice === 'All') return `DECISION ${index + 1} OF ${count}, NEWEST FIRST`;
  return choice === 'Last' ? 'LAST DECISION' : 'DECISION';
}

function decisionMemory(
  { memory }: DecisionStatus,
  {
    width,
    current,
  }: { readonly width: number; readonly current: WorkloadStatus['memory'] | DecisionStatus['memory'] },
): readonly string[] {
  if (memory === undefined) return labelled('Memory', 'nothing similar was remembered', width);
  return saysNoMore(memory, current) ? memorySummary(memory, width) : memoryView(memory, width);
}

function workloadBlocks(
  policy: ExplainedPolicy,
  { memory, anomalies, predictions, selection }: WorkloadStatus,
  { now, width }: ViewOptions,
): readonly (readonly string[])[] {
  return [
    ...(selection === undefined ? [] : [['SELECTED POLICY', ...selectionView(selection, now, width)]]),
    [
      'SITUATIONS LIKE THE PRESENT ONE',
      ...(memory === undefined
        ? labelled('Memory', 'nothing similar is remembered', width)
        : memoryView(memory, width)),
    ],
    [
      'UNUSUAL NOW',
      ...(anomalies === undefined || anomalies.length === 0
        ? labelled('Anomalies', noAnomalyText(policy), width)
        : anomalies.flatMap((anomaly) => anomalyView(anomaly, now, width))),
    ],
    ...(predictions === undefined
      ? []
      : [['NEXT SEVEN DAYS', ...wrap(predictionText(predictions), { first: '  ', width })]]),
  ];
}

/** No news is good news only where somebody looks. */
function noAnomalyText({ spec, status }: ExplainedPolicy): string {
  if (spec.anomaly.mode === 'Disabled') return "not looked for: anomaly.mode is 'Disabled'";
  const baseline = status.conditions?.find(({ type }) => type === 'BaselineKnown');
  if (baseline?.status === 'True') return 'none is open';
  return 'none is open; what is usual is not known yet, so only what is missing or leaks would be told of';
}

function hintLines(policy: ExplainedPolicy, { decisions: choice }: ViewOptions): readonly string[] {
  const others = (policy.status.decisions?.length ?? 0) - chosenDecisions(policy, choice).length;
  if (others <= 0) return [];
  const what = others === 1 ? 'One more decision is' : `${others} more decisions are`;
  return [`${what} kept: --all shows them, kubectl autonomic decisions what was before them.`];
}
