import type { PolicyStatus } from '../../api/policy-status.ts';
import { balanceLines } from './balance-view.ts';
import type { DecisionStatus } from './explained-policy.ts';
import { forecastLines } from './forecast-view.ts';
import { beside, labelled, widthBeside, wrappedTable } from './layout.ts';
import { agoText, counted, figure, spanText, timeText } from './phrases.ts';

export interface DecisionContext {
  readonly pending: PolicyStatus['pending'];
  /** ms since the epoch. */
  readonly now: number;
  readonly width: number;
}

/** One decision with all that led to it and what came of it. */
export function decisionView(decision: DecisionStatus, context: DecisionContext): readonly string[] {
  const { width, now } = context;
  const { action, from, to, time, mode, id, message, forecast, stock } = decision;
  return [
    ...labelled(
      'Decided',
      `${action} ${from}→${to} at ${timeText(time)} (${agoText(time, now)}), mode ${mode}, id ${id}`,
      width,
    ),
    ...labelled('Why', message, width),
    ...labelled('State', stateText(decision, context), width),
    ...outcomeLines(decision, width),
    ...proposalLines(decision, width),
    ...(forecast === undefined ? [] : forecastLines(forecast, width)),
    ...(stock === undefined ? [] : balanceLines(stock, width)),
    ...guardLines(decision, width),
  ];
}

/** What has become of it, in words; the API's word in front, for those who look it up. */
function stateText(
  { state, guards, id, outcome }: DecisionStatus,
  { pending, now }: DecisionContext,
): string {
  switch (state) {
    case 'Proposed': {
      const vetoes = guards.filter((guard) => guard.outcome === 'Veto').map((each) => each.guard);
      return vetoes.length === 0
        ? 'Proposed: not carried out'
        : `Proposed: not carried out, refused by ${vetoes.join(', ')}`;
    }
    case 'Intended':
      return 'Intended: about to be carried out';
    case 'Applied': {
      const left = pending?.decisionId === id ? Date.parse(pending.deadlineTime) - now : 0;
      const until = left > 0 ? `, for another ${spanText(left)}` : '';
      return `Applied: carried out; what comes of it is being measured${until}`;
    }
    case 'Aborted':
      return 'Aborted: given up, nothing was changed';
    case 'Closed':
      return outcome === undefined
        ? 'Closed: carried out; what came of it is not known'
        : 'Closed: carried out and measured';
  }
}

function outcomeLines({ outcome }: DecisionStatus, width: number): readonly string[] {
  if (outcome === undefined) return [];
  const { result, endTime, replicaSeconds, cost, message } = outcome;
  const hours = figure(String(replicaSeconds / 3600));
  const spent = [
    ...(replicaSeconds > 0 ? [`${hours} replica-hour${hours === '1' ? '' : 's'}`] : []),
    ...(cost === undefined ? [] : [`cost ${figure(cost)}`]),
  ];
  const facts = spent.length === 0 ? '' : ` (${spent.join(', ')})`;
  return labelled('Outcome', `${result} at ${timeText(endTime)}: ${message}${facts}`, width);
}

function proposalLines({ proposals }: DecisionStatus, width: number): readonly string[] {
  if (proposals.length === 0) return labelled('Proposals', 'none: no metric could ask for replicas', width);
  const rows = proposals.map(({ source, metric, replicas, detail }) => {
    // Some say the number themselves, which has a column.
    const how = detail.startsWith(`${replicas}: `) ? detail.slice(`${replicas}: `.length) : detail;
    return [source, metric, String(replicas), how];
  });
  return beside('Proposals', wrappedTable(['SOURCE', 'METRIC', 'REPLICAS', 'HOW'], rows, widthBeside(width)));
}

const VERDICTS = { Clamp: 'changed', Veto: 'refused' } as const;

function guardLines({ guards }: DecisionStatus, width: number): readonly string[] {
  if (guards.length === 0) return labelled('Guards', 'none is recorded', width);
  const rows = guards.flatMap(({ guard, outcome, before, after, reason, message }) =>
    outcome === 'Pass'
      ? []
      : [[guard, VERDICTS[outcome], `${before}→${after}`, message ?? reason ?? 'no reason is recorded']],
  );
  const passed = guards.length - rows.length;
  if (rows.length === 0) return labelled('Guards', `all ${passed} let it pass`, width);
  const table = wrappedTable(['GUARD', 'DID', 'REPLICAS', 'WHY'], rows, widthBeside(width));
  const others = passed === 0 ? [] : [`${counted(passed, 'other')} let it pass`];
  return beside('Guards', [...table, ...others]);
}
