import type { Environment } from './event.ts';
import { decide } from './decide.ts';
import type { Effect } from './execute/effect.ts';
import { intend, type Execution } from './execute/intent.ts';
import type { ChainResult } from './guard/chain.ts';
import { isRollback } from './guard/regret.ts';
import { objectiveTerms } from './monitor/objective.ts';
import type { TargetView } from './monitor/observation.ts';
import type { Plan } from './plan/plan.ts';
import type { PolicyState } from './state.ts';

export interface ActInputs {
  readonly state: PolicyState;
  readonly execution: Execution;
  readonly env: Environment;
  readonly target: TargetView;
  readonly planned: Plan;
  readonly chain: ChainResult;
}

interface Acted {
  readonly state: PolicyState;
  readonly effects: readonly Effect[];
  /** A decrease is undone. */
  readonly rolledBack: boolean;
}

/** The recommendation is carried out, proposed or dropped. */
export function act(inputs: ActInputs): Acted {
  const { state, execution, env, target, chain } = inputs;
  if (chain.recommended === target.specReplicas) {
    return { state: { ...state, execution, lastProposal: undefined }, effects: [], rolledBack: false };
  }
  if (chain.objection !== undefined) return { ...propose(inputs), rolledBack: false };
  const decision = decide(inputs);
  const rolledBack = chain.trace.some(isRollback);
  const ended = rolledBack ? 'RolledBack' : 'Superseded';
  const transition = intend(execution, decision, objectiveTerms(env.policy.spec.objective), ended);
  return {
    state: { ...state, execution: transition.execution, lastProposal: undefined },
    effects: transition.effects,
    rolledBack,
  };
}

/** A decision that may not be carried out is recorded once, and again only when it or the objection changes. */
function propose(inputs: ActInputs): { state: PolicyState; effects: readonly Effect[] } {
  const { state, execution, chain, env } = inputs;
  const objection = chain.objection?.reason ?? '';
  const key = `${chain.recommended} ${objection}`;
  const transient = objection === 'Cooldown' || objection === 'ActionInFlight';
  // A standby decides the same as the leader, and leaves it to the leader to say so.
  if (transient || !env.acting || state.lastProposal === key)
    return { state: { ...state, execution }, effects: [] };
  return {
    state: { ...state, execution, lastProposal: key },
    effects: [{ type: 'RecordProposal', decision: decide(inputs) }],
  };
}
