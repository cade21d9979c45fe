import { short } from '../../short.ts';
import { measuredWeight } from './bandit/tally.ts';
import { rankedText } from './ranked.ts';
import type { ArmEstimate, Chosen, NotChosen } from './select.ts';
import { createReplayTerms, replayTerms, type NeighbourRewards } from './replay-learner.ts';
import type { SelectionState } from './selection-state.ts';

/** Where what is expected of an arm comes from, source by source. Null where a source knows nothing. */
export interface ArmSources {
  readonly arm: string;
  /** Mean reward of its replay in this workload's own windows, and how many count. */
  readonly replay: number | null;
  readonly replayWindows: number;
  /** Of similar situations, and how many windows they count as. */
  readonly neighbours: number | null;
  readonly neighbourWindows: number;
  /** How much of it was taken off because the replay was too good when the arm was in force. */
  readonly correction: number;
  /** Mean of the rewards that really came, and how many count. */
  readonly live: number | null;
  readonly liveWindows: number;
}

const known = (value: number): number | null => (Number.isFinite(value) ? value : null);

export function armSources(
  state: SelectionState,
  neighbours: NeighbourRewards | undefined,
): readonly ArmSources[] {
  return state.arms.map((name, arm) => {
    const terms = replayTerms(state.replay, arm, { neighbours, out: createReplayTerms() });
    const liveWindows = measuredWeight(state.tally, arm);
    return {
      arm: name,
      replay: known(terms.own),
      replayWindows: terms.ownWeight,
      neighbours: known(terms.neighbours),
      neighbourWindows: terms.neighbourWeight,
      correction: terms.correction,
      live: liveWindows > 0 ? known((state.tally.sums[3 * arm + 1] ?? NaN) / liveWindows) : null,
      liveWindows,
    };
  });
}

/** Of those that lost, as many as a person reads. */
const TOLD_OTHERS = 3;

/** Why this arm, and why not the others, in one line of plain words. @param nameOf what people call an arm */
export function explainChoice(
  selection: Chosen | NotChosen,
  nameOf: (arm: string) => string = (arm) => arm,
): string {
  if (selection.kind === 'Held') return `nothing was chosen (${selection.reason}): ${selection.message}`;
  const { arm, explored, champion, propensity, strategy, fellBack, forced, arms } = selection;
  const own = arms.find((one) => one.arm === arm);
  const how = explored
    ? `tried instead of ${nameOf(champion)} with a chance of ${percent(propensity)}`
    : `chosen with a chance of ${percent(propensity)}`;
  const by = fellBack ? `${strategy}, as nothing better knows` : strategy;
  const worth = strategy === 'Ranked' ? byRank : byEstimate;
  const others = arms
    .filter((one) => one.arm !== arm)
    .sort((a, b) => worthOf(b, strategy) - worthOf(a, strategy))
    .slice(0, TOLD_OTHERS)
    .map((one) => `${nameOf(one.arm)} ${one.veto === undefined ? worth(one) : `not allowed: ${one.veto}`}`);
  const against = others.length === 0 ? '' : `; others: ${others.join(', ')}`;
  const why = forced === undefined ? '' : `; ${forced.message}`;
  const grounds = own === undefined ? '' : strategy === 'Ranked' ? rankedText(own.rank) : byEstimate(own);
  return `${nameOf(arm)} ${how} by ${by}: ${grounds}${against}${why}`;
}

function worthOf({ mean, rank }: ArmEstimate, strategy: Chosen['strategy']): number {
  return strategy === 'Ranked' ? rank.score : (mean ?? -1);
}

function byRank({ rank }: ArmEstimate): string {
  return short(rank.score);
}

function byEstimate({ mean, deviation }: ArmEstimate): string {
  if (mean === null) return 'unknown';
  return deviation === null
    ? `expected ${short(mean)}`
    : `expected ${short(mean)} ± ${short(1.96 * deviation)}`;
}

function percent(share: number): string {
  return `${short(100 * share)} %`;
}
