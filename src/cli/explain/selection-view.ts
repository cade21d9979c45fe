import type { WorkloadStatus } from './explained-policy.ts';
import { labelled, wrappedTable } from './layout.ts';
import { agoText } from './phrases.ts';

type Selection = NonNullable<WorkloadStatus['selection']>;
type Candidate = NonNullable<Selection['candidates']>[number];

const HEADER = ['POLICY', 'EXPECTED', 'REPLAY', 'SIMILAR', 'LIVE', 'SCORE', 'CHANCE', 'WHY NOT'];

/** Which way to scale is in force, and what the others were expected to bring. */
export function selectionView(selection: Selection, now: number, width: number): readonly string[] {
  const { policy, strategy, since, message, candidates = [], explored } = selection;
  const inForce =
    policy === undefined || since === undefined
      ? 'none yet: horizontal.profile and forecast say how'
      : `${policy} by ${strategy ?? 'an unknown strategy'}, chosen ${agoText(since, now)}`;
  return [
    ...labelled('In force', inForce, width),
    ...labelled('Why', message, width),
    ...(explored === undefined ? [] : labelled('Tried', exploredText(explored), width)),
    ...candidateTable(candidates, policy, width),
  ];
}

function exploredText({ tried, heldBack, lostPercent }: NonNullable<Selection['explored']>): string {
  const lost =
    lostPercent === undefined
      ? ''
      : `; those windows brought ${Math.abs(lostPercent)} % ${lostPercent > 0 ? 'less' : 'more'} than the best one would have`;
  return `another than the best in ${tried} windows, refused in ${heldBack} as too costly${lost}`;
}

function candidateTable(
  candidates: readonly Candidate[],
  inForce: string | undefined,
  width: number,
): readonly string[] {
  if (candidates.length === 0) return [];
  const indent = '    ';
  const rows = candidates.map((one) => [
    one.name === inForce ? `${one.name} *` : one.name,
    one.expectedPercent === undefined ? '-' : `${one.expectedPercent}${plusMinus(one)}`,
    percentOrDash(one.replayPercent),
    percentOrDash(one.similarPercent),
    percentOrDash(one.livePercent),
    String(one.scorePercent),
    `${one.chancePercent} %`,
    one.message ?? '',
  ]);
  return wrappedTable(HEADER, rows, width - indent.length).map((line) => (indent + line).trimEnd());
}

function plusMinus({ plusMinusPercent }: Candidate): string {
  return plusMinusPercent === undefined ? '' : ` ± ${plusMinusPercent}`;
}

function percentOrDash(percent: number | undefined): string {
  return percent === undefined ? '-' : String(percent);
}
