import type { PolicyStatus } from '../../../api/policy-status.ts';
import { clip, MAX_MESSAGE_LENGTH } from '../../../api/schema/text.ts';
import type { ExploredSoFar } from '../../../loop/plan/selection/ledger.ts';
import { explainChoice } from '../../../loop/plan/selection/explain-choice.ts';
import type { ArmEstimate, Chosen } from '../../../loop/plan/selection/select.ts';
import type { SelectionReport } from '../../../loop/selection-report.ts';
import { timeText } from './time-text.ts';

type SelectionStatus = NonNullable<NonNullable<PolicyStatus['workloads']>[number]['selection']>;

/** Which way to scale is in force and why, as the API tells it. */
export function selectionStatus(report: SelectionReport): SelectionStatus {
  const { inForce, last, names, explored } = report;
  const nameOf = (arm: string): string => names.get(arm) ?? arm;
  const message = last === undefined ? 'nothing was chosen yet' : explainChoice(last, nameOf);
  const tried = exploredStatus(explored);
  if (inForce === undefined) return { message: clip(message, MAX_MESSAGE_LENGTH) };
  return {
    policy: nameOf(inForce.arm),
    strategy: inForce.strategy,
    since: timeText(inForce.at),
    chancePercent: percent(inForce.propensity),
    champion: nameOf(inForce.champion),
    message: clip(message, MAX_MESSAGE_LENGTH),
    candidates: [...inForce.arms]
      .sort((a, b) => (b.mean ?? -1) - (a.mean ?? -1) || b.rank.score - a.rank.score)
      .map((one) => candidateStatus(one, inForce, report)),
    ...(tried === undefined ? {} : { explored: tried }),
  };
}

function candidateStatus(
  { arm, mean, deviation, propensity, rank, veto }: ArmEstimate,
  { strategy }: Chosen,
  { names, sources }: SelectionReport,
): NonNullable<SelectionStatus['candidates']>[number] {
  const { replay, neighbours, live } = sources.find((one) => one.arm === arm) ?? NO_SOURCES;
  return {
    name: names.get(arm) ?? arm,
    // A rank is no expectation.
    ...known('expectedPercent', strategy === 'Ranked' ? null : mean),
    ...known('plusMinusPercent', deviation === null ? null : 1.96 * deviation),
    ...known('replayPercent', replay),
    ...known('similarPercent', neighbours),
    ...known('livePercent', live),
    scorePercent: percent(rank.score),
    chancePercent: percent(propensity),
    ...(veto === undefined ? {} : { message: clip(veto, MAX_MESSAGE_LENGTH) }),
  };
}

const NO_SOURCES = { replay: null, neighbours: null, live: null };

function known<Field extends string>(field: Field, share: number | null): Partial<Record<Field, number>> {
  return share === null ? {} : ({ [field]: percent(share) } as Record<Field, number>);
}

function exploredStatus({
  explored: tried,
  heldBack,
  compared,
  rewards,
  baseline,
}: ExploredSoFar): SelectionStatus['explored'] {
  if (tried === 0 && heldBack === 0) return undefined;
  const lost = Math.round(100 * (1 - rewards / baseline));
  const known = compared > 0 && Number.isFinite(lost);
  return { tried, heldBack, ...(known ? { lostPercent: Math.min(100, Math.max(-100, lost)) } : {}) };
}

function percent(share: number): number {
  return Math.round(100 * Math.min(1, Math.max(0, share)));
}
