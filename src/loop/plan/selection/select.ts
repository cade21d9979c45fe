import {
  explorationShares,
  riskOf,
  type ExplorationTerms,
  type ForcedBy,
  type Shares,
} from './exploration-shares.ts';
import { beginExploration } from './ledger.ts';
import { bestArm, createEstimates, drawArm, type Estimates } from './moment.ts';
import type { NeighbourRewards } from './replay-learner.ts';
import type { RankedScore } from './ranked.ts';
import {
  rankedScoreOf,
  recordUse,
  turnSelectionBack,
  type PendingChoice,
  type SelectionState,
} from './selection-state.ts';
import { estimate, offsetOf, type Strategy, type StrategyMoment, type StrategyName } from './strategy.ts';

/** What a choice is made by. Arrays have a place for each arm. */
export interface SelectionRequest {
  /** Of this choice, for its outcome; never used twice. */
  readonly id: string;
  /** ms since the epoch. */
  readonly now: number;
  readonly strategy: Strategy;
  /** Why the shield forbids an arm now; undefined where it does not. */
  readonly vetoes: readonly (string | undefined)[];
  /** 0 … 1, as the user says. */
  readonly priorities: readonly number[];
  readonly features?: Float64Array | undefined;
  readonly neighbours?: NeighbourRewards | undefined;
  readonly exploration: ExplorationTerms;
}

/** Uniform in [0, 1); from a seed, so that the same choice can be made again. */
export interface WithChance {
  readonly random: () => number;
}

/** One arm in the record of a choice. */
export interface ArmEstimate {
  readonly arm: string;
  /** Expected reward; null where nothing is known. */
  readonly mean: number | null;
  /** Its standard deviation; null where nothing is known. */
  readonly deviation: number | null;
  /** By `Ranked`, term by term. */
  readonly rank: RankedScore;
  /** How likely it was to be chosen, all rules counted. */
  readonly propensity: number;
  /** Why the shield forbade it. */
  readonly veto?: string;
}

export interface Chosen {
  readonly kind: 'Chosen';
  readonly id: string;
  readonly at: number;
  readonly arm: string;
  /** What would be in force if nothing were ever tried. */
  readonly champion: string;
  readonly explored: boolean;
  /** Of the chosen arm; 1 where it was forced. */
  readonly propensity: number;
  /** Why nothing else could be chosen; undefined where something could. */
  readonly forced: ForcedBy | undefined;
  readonly strategy: StrategyName;
  /** True where the strategy had nothing to go by and a simpler one decided. */
  readonly fellBack: boolean;
  readonly arms: readonly ArmEstimate[];
}

/** Nothing was chosen: what was in force stays. */
export interface NotChosen {
  readonly kind: 'Held';
  readonly at: number;
  readonly reason: 'NoArms' | 'AllVetoed' | 'ClockBack' | 'RepeatedId' | 'Malformed';
  readonly message: string;
}

export type Selection = Chosen | NotChosen;

/** Windows overlap by a few; more would be choices whose outcome nobody will tell any more. */
const MOST_PENDING = 16;
/** A window that was broken off tells no outcome; nobody waits for one longer than a day. */
const MOST_WAIT_MS = 86_400_000;

/** Chooses an arm, and remembers that its outcome is to come. A state for which nothing can be chosen stays as it was. */
export function select(state: SelectionState, request: SelectionRequest & WithChance): Selection {
  const held = objection(state, request);
  if (held !== undefined) return held;
  const proposal = propose(state, request);
  const arm = drawArm(proposal.shares.propensity, request.random);
  // Before it is in force: its recency is of the last time.
  const chosen = chosenOf(state, request, { arm, proposal });
  adopt(state, request, { arm, proposal });
  return chosen;
}

/** What a strategy would choose, before any die is rolled. */
export interface ChoiceProposal {
  readonly moment: StrategyMoment;
  readonly estimates: Estimates;
  readonly champion: number;
  readonly shares: Shares;
  readonly strategy: StrategyName;
}

/** @param request of as many vetoes and priorities as there are arms, of which at least one is allowed */
export function propose(state: SelectionState, request: SelectionRequest): ChoiceProposal {
  const moment = momentOf(state, request);
  const estimates = createEstimates(state.arms.length);
  const strategy = estimate(request.strategy, state, moment, estimates);
  const known = bestArm(estimates.mean, moment);
  const champion = known < 0 ? bestArm(moment.ranked, moment) : known;
  const shares = explorationShares(state.ledger, request.exploration, { moment, estimates, champion });
  return { moment, estimates, champion, shares, strategy };
}

interface Decided {
  readonly arm: number;
  readonly proposal: ChoiceProposal;
}

/** From now on the arm is in force, and its outcome waited for: also of a choice that somebody else has made. */
export function adopt(state: SelectionState, request: SelectionRequest, { arm, proposal }: Decided): void {
  const { id, now: at, features, neighbours } = request;
  const { champion, estimates } = proposal;
  const reserve =
    arm === champion ? undefined : beginExploration(state.ledger, riskOf(estimates, arm, champion));
  const offset = state.linear === undefined ? 0.5 : offsetOf(state, arm, neighbours);
  const kept = state.linear === undefined ? undefined : features?.slice();
  const choice: PendingChoice = { id, at, arm, champion, features: kept, offset, reserve };
  const waiting = state.pending.filter((earlier) => at - earlier.at < MOST_WAIT_MS);
  state.pending = [...waiting.slice(-(MOST_PENDING - 1)), choice];
  state.chosenAt = at;
  recordUse(state, arm, at);
}

function chosenOf(state: SelectionState, request: SelectionRequest, { arm, proposal }: Decided): Chosen {
  const { champion, shares, strategy } = proposal;
  return {
    kind: 'Chosen',
    id: request.id,
    at: request.now,
    arm: state.arms[arm] ?? '',
    champion: state.arms[champion] ?? '',
    explored: arm !== champion,
    propensity: shares.propensity[arm] ?? 1,
    forced: shares.forced,
    strategy,
    fellBack: strategy !== request.strategy.name,
    arms: state.arms.map((name, place) =>
      told(name, place, { rank: rankOf(state, place, request), request, proposal }),
    ),
  };
}

function objection(state: SelectionState, request: SelectionRequest): NotChosen | undefined {
  const { now, id, vetoes, priorities } = request;
  const { length } = state.arms;
  if (length === 0)
    return { kind: 'Held', at: now, reason: 'NoArms', message: 'there is no policy to select from' };
  if (!Number.isFinite(now) || vetoes.length !== length || priorities.length !== length) {
    const message = `at ${now}: ${vetoes.length} vetoes and ${priorities.length} priorities for ${length} policies`;
    return { kind: 'Held', at: now, reason: 'Malformed', message };
  }
  if (vetoes.every((veto) => veto !== undefined))
    return {
      kind: 'Held',
      at: now,
      reason: 'AllVetoed',
      message: `no policy is allowed: ${vetoes.join('; ')}`,
    };
  if (state.chosenAt > now) {
    const message = `the clock has stepped back by ${(state.chosenAt - now) / 1000} s`;
    turnSelectionBack(state, now);
    return { kind: 'Held', at: now, reason: 'ClockBack', message };
  }
  if (state.settled.includes(id) || state.pending.some((choice) => choice.id === id))
    return { kind: 'Held', at: now, reason: 'RepeatedId', message: `${id} was chosen before` };
  return undefined;
}

function momentOf(state: SelectionState, request: SelectionRequest): StrategyMoment {
  const { length } = state.arms;
  const waiting = new Float64Array(length);
  for (const { arm } of state.pending) waiting[arm] = (waiting[arm] ?? 0) + 1;
  const ranked = new Float64Array(length);
  const allowed = new Uint8Array(length);
  for (let arm = 0; arm < length; arm += 1) {
    ranked[arm] = rankOf(state, arm, request).score;
    allowed[arm] = request.vetoes[arm] === undefined ? 1 : 0;
  }
  const { now, features, neighbours } = request;
  return { now, allowed, ranked, waiting, features, neighbours };
}

function rankOf(state: SelectionState, arm: number, { priorities, now }: SelectionRequest): RankedScore {
  return rankedScoreOf(state, arm, { priority: priorities[arm] ?? 0, now });
}

interface Telling {
  readonly rank: RankedScore;
  readonly request: SelectionRequest;
  readonly proposal: ChoiceProposal;
}

function told(arm: string, place: number, { rank, request, proposal }: Telling): ArmEstimate {
  const veto = request.vetoes[place];
  const { estimates, shares } = proposal;
  return {
    arm,
    mean: finiteOrNull(estimates.mean[place]),
    deviation: finiteOrNull(estimates.deviation[place]),
    rank,
    propensity: shares.propensity[place] ?? 0,
    ...(veto === undefined ? {} : { veto }),
  };
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
