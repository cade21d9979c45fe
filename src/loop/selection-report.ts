import type { ArmSources } from './plan/selection/explain-choice.ts';
import { candidatesOf, type SelectionMemory } from './plan/selection/selection-memory.ts';
import type { ExploredSoFar } from './plan/selection/ledger.ts';
import type { PolicySpec } from '../api/policy-spec.ts';
import { disagreementOf, type Disagreement } from './plan/selection/replay-learner.ts';
import type { Chosen, Selection } from './plan/selection/select.ts';

/** How a policy that selects is scaled at this moment, and how good its grounds are. */
export interface SelectionReport {
  /** Undefined before the first choice. */
  readonly inForce: Chosen | undefined;
  /** What came of the last choosing; undefined before. */
  readonly last: Selection | undefined;
  /** What people call each arm. */
  readonly names: ReadonlyMap<string, string>;
  /** What each arm was expected to bring when it was chosen last, source by source. */
  readonly sources: readonly ArmSources[];
  readonly disagreement: Disagreement;
  readonly explored: ExploredSoFar;
}

/** Undefined where nothing is selected. */
export function selectionReport(
  memory: SelectionMemory | undefined,
  spec: PolicySpec,
): SelectionReport | undefined {
  if (memory === undefined) return undefined;
  const { learned, inForce, last, sources } = memory;
  const { explored, heldBack, compared, rewards, baseline } = learned.ledger;
  return {
    inForce,
    last,
    names: new Map(candidatesOf(spec).map(({ arm, name }) => [arm.id, name])),
    sources,
    disagreement: disagreementOf(learned.replay),
    explored: { explored, heldBack, compared, rewards, baseline },
  };
}
