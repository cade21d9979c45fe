import { learnOutcome, type ChoiceOutcome } from '../../plan/selection/outcome.ts';
import { adopt, propose, type SelectionRequest } from '../../plan/selection/select.ts';
import { createSelectionState, type SelectionOptions } from '../../plan/selection/selection-state.ts';
import type { Strategy } from '../../plan/selection/strategy.ts';
import type { LoggedChoice } from './logged-choice.ts';

/** A choice as it was recorded: what it was made by, what was chosen, what came of it. */
export interface RecordedChoice {
  readonly request: SelectionRequest;
  readonly arm: string;
  /** Of every arm, in the order of the arms; of the chosen one above 0. */
  readonly propensities: ArrayLike<number>;
  /** Undefined where it never came. */
  readonly outcome: ChoiceOutcome | undefined;
}

/**
 * What another strategy would have chosen each time, had it known what was known by then: it learns from what was really
 * chosen, as the log has it, so that what it would have learned from its own choices is not told. Choices without a reward
 * that counts are left out, but what replay told of them is learned. For the estimators: the model is replay as it stood before
 * the outcome.
 */
export function* whatIf(
  recorded: Iterable<RecordedChoice>,
  strategy: Strategy,
  options: SelectionOptions,
): Generator<LoggedChoice> {
  const state = createSelectionState(options);
  const model: Strategy = { name: 'Replay' };
  for (const { request, arm: name, propensities, outcome } of recorded) {
    const arm = state.arms.indexOf(name);
    if (arm < 0 || !isChoice(request, state.arms.length)) continue;
    const proposal = propose(state, { ...request, strategy });
    const replay = propose(state, { ...request, strategy: model });
    adopt(state, request, { arm, proposal });
    if (outcome === undefined) continue;
    const learned = learnOutcome(state, outcome);
    if (learned.kind !== 'Learned' || outcome.reward === null) continue;
    yield {
      arm,
      propensity: propensities[arm] ?? NaN,
      reward: outcome.reward,
      target: proposal.shares.propensity,
      propensities,
      // Where replay knew nothing, rank has spoken, and that is no reward.
      modelled: replay.strategy === 'Replay' ? replay.estimates.mean : undefined,
    };
  }
}

function isChoice({ vetoes, priorities }: SelectionRequest, arms: number): boolean {
  if (vetoes.length !== arms || priorities.length !== arms) return false;
  return vetoes.some((veto) => veto === undefined);
}
