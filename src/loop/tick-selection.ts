import type { PolicySpec } from '../api/policy-spec.ts';
import { PEAK_LEVELS } from './analyze/analyze.ts';
import { keptWindow, neighbourRewards, windowOutcome } from './knowledge/selection/window-outcome.ts';
import type { Situation } from './knowledge/situation.ts';
import type { Opening } from './knowledge/situations/observe-situation.ts';
import { allowedBadShare } from './monitor/requests.ts';
import { armById, type Arm } from './plan/arms/arm.ts';
import { armReplicas } from './plan/arms/arm-replicas.ts';
import type { ArmInputs } from './plan/arms/arm-inputs.ts';
import { chanceOf } from './plan/selection/chance.ts';
import { armSources } from './plan/selection/explain-choice.ts';
import { explorationObjections, type ExplorationFacts } from './plan/selection/exploration.ts';
import { learnOutcome, learnReplayedWindow } from './plan/selection/outcome.ts';
import { learnPromise, promiseBroken } from './plan/selection/promise.ts';
import type { NeighbourRewards } from './plan/selection/replay-learner.ts';
import { select } from './plan/selection/select.ts';
import {
  candidatesOf,
  classOf,
  SELECTION_FEATURES,
  type Candidate,
  type SelectionMemory,
} from './plan/selection/selection-memory.ts';
import type { SelectionState } from './plan/selection/selection-state.ts';
import { believeReplay } from './plan/selection/strategy.ts';
import { rememberedPriors } from './recollection.ts';
import type { SituationFacts } from './situation-facts.ts';

/** A window that begins; its choice has its id. */
interface SelectionOpening extends Opening {
  /** What the workload looks like now. */
  readonly embedding: Float32Array;
}

/** What the ended window teaches is learned; then the arm of the next one is chosen. */
export function selectForWindow(
  memory: SelectionMemory,
  facts: SituationFacts,
  { id, ended, embedding }: SelectionOpening,
): void {
  const { env, arms } = facts;
  const { learned } = memory;
  const neighbours = neighboursOf(learned, facts);
  if (ended !== undefined) learnWindow(memory, ended, isActing(facts));
  believeReplay(learned, neighbours);
  const candidates = candidatesOf(env.policy.spec);
  const { strategy } = env.policy.spec.selection ?? { strategy: 'Replay' as const };
  const preferred = armOfSpec(env.policy.spec);
  memory.last = select(learned, {
    id,
    now: env.now,
    strategy: { name: strategy },
    vetoes: candidates.map(
      ({ arm }, place) => vetoOf(arm, arms, env.policy.spec) ?? brokenBy(arm, place, memory, env.policy.spec),
    ),
    priorities: candidates.map((candidate) => priorityOf(candidate, env.policy.spec, preferred)),
    features: Float64Array.of(1, ...embedding.subarray(0, SELECTION_FEATURES - 1)),
    neighbours,
    exploration: {
      share: (env.policy.spec.selection?.exploration.percent ?? 0) / 100,
      objections: explorationObjections(explorationFacts(facts)),
      wanted: arms && wantedBy(candidates, arms, facts.target.specReplicas),
      budgetLeft: budgetLeft(facts),
    },
    random: chanceOf(id),
  });
  memory.sources = armSources(learned, neighbours);
  if (memory.last.kind === 'Chosen') memory.inForce = memory.last;
}

/** The arm that comes nearest to what the spec asks for where nothing is selected. */
export function armOfSpec({
  objective,
  horizontal,
  forecast: { mode, confidencePercent },
}: PolicySpec): string {
  if (objective?.requests !== undefined) return horizontal.profile;
  if (mode === 'Disabled') return 'Utilization100';
  const distance = (level: number): number => Math.abs(100 * level - confidencePercent);
  const level = PEAK_LEVELS.reduce((best, next) => (distance(next) < distance(best) ? next : best));
  return `Quantile${Math.round(100 * level)}`;
}

/** The arm in force; undefined where the spec says how to scale. */
export function selectedArm(memory: SelectionMemory | undefined, spec: PolicySpec): Arm | undefined {
  return memory?.inForce && armById(classOf(spec), memory.inForce.arm);
}

/** What is decided is also done. */
function isActing({ env: { acting, policy } }: SituationFacts): boolean {
  return acting && policy.spec.mode === 'Apply';
}

/** A window without a choice of its own teaches what its arms would have come to. */
function learnWindow({ learned, promise }: SelectionMemory, ended: Situation, acting: boolean): void {
  learnPromise(promise, keptWindow(ended, learned.arms, acting));
  const outcome = windowOutcome(ended, learned.arms);
  const { choiceId, at, replayed, censored } = outcome;
  if (learned.pending.some(({ id }) => id === choiceId)) {
    learnOutcome(learned, { ...outcome, censored: censored || !acting });
  } else if (replayed !== undefined) {
    learnReplayedWindow(learned, at, replayed);
  }
}

function neighboursOf(
  { arms }: SelectionState,
  { env: { recollection, now } }: SituationFacts,
): NeighbourRewards | undefined {
  const priors = rememberedPriors(recollection, now);
  return priors && neighbourRewards(priors, arms);
}

/** Where the policy lists nothing, what the spec itself says is preferred until others are known to be better. */
function priorityOf({ arm, priority }: Candidate, { selection }: PolicySpec, preferred: string): number {
  return selection?.policies === undefined && arm.id === preferred ? 1 : priority;
}

/** Why an arm may not decide now. One whose forecast is only missing for a while follows demand as measured. */
function vetoOf(
  { kind }: Arm,
  inputs: ArmInputs | undefined,
  { forecast: { mode } }: PolicySpec,
): string | undefined {
  if (inputs === undefined) return 'demand, or what a replica carries, is not known';
  return mode === 'Disabled' && kind !== 'Utilization' ? 'spec.forecast.mode is Disabled' : undefined;
}

/** Of requests where the policy is about them, else of time. */
function allowedShare({ objective }: PolicySpec): number | undefined {
  if (objective === undefined) return undefined;
  return objective.requests === undefined
    ? (100 - objective.targetPercent) / 100
    : allowedBadShare(objective.requests);
}

/** Why an arm would not keep the objective. What the spec itself says needs no proof: its owner has chosen it. */
function brokenBy(
  { id }: Arm,
  place: number,
  { promise }: SelectionMemory,
  spec: PolicySpec,
): string | undefined {
  const allowed = allowedShare(spec);
  return allowed === undefined || id === armOfSpec(spec) ? undefined : promiseBroken(promise, place, allowed);
}

function wantedBy(candidates: readonly Candidate[], inputs: ArmInputs, current: number): Float64Array {
  return Float64Array.from(candidates, ({ arm }) => armReplicas(arm, inputs, current));
}

function explorationFacts(facts: SituationFacts): ExplorationFacts {
  const { state, env, target, safety, anomalies } = facts;
  const { policy, now, threat } = env;
  const lastRollback = safety.rollbacks.times.at(-1);
  return {
    acts: isActing(facts),
    suspended: policy.spec.suspend || policy.suspendedByAnnotation,
    observationComplete: now >= state.observedSince + 1000 * policy.spec.observationSeconds,
    burning: safety.budget.burning,
    badNow: safety.budget.badNow,
    budgetLeft: budgetLeft(facts),
    openAnomalies: (anomalies?.open.length ?? 0) + (threat?.freeze === true ? 1 : 0),
    rolloutInProgress: target.rolloutInProgress,
    overridden: state.replicas.change !== undefined,
    sinceRollbackMs: lastRollback === undefined ? undefined : now - lastRollback,
    covered: facts.covered,
  };
}

/** Of what the last hour may have been bad. Undefined where nothing was promised or measured. */
function budgetLeft({ env, safety }: SituationFacts): number | undefined {
  const { badShare } = safety.budget;
  const allowed = allowedShare(env.policy.spec);
  return allowed === undefined || badShare === undefined ? undefined : Math.max(0, 1 - badShare / allowed);
}
