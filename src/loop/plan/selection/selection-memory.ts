import type { PolicySpec } from '../../../api/policy-spec.ts';
import type { PolicyView } from '../../policy-view.ts';
import { ARMS, armById, type Arm, type WorkloadClass } from '../arms/arm.ts';
import { adoptArms } from './adopt-arms.ts';
import type { ArmSources } from './explain-choice.ts';
import type { Chosen, Selection } from './select.ts';
import { createPromiseRecord, type PromiseRecord } from './promise.ts';
import {
  createSelectionState,
  turnSelectionBack,
  type SelectionOptions,
  type SelectionState,
} from './selection-state.ts';

/** One of those to select from. */
export interface Candidate {
  readonly arm: Arm;
  /** What people call it. */
  readonly name: string;
  /** 0 … 1. */
  readonly priority: number;
}

/** What a policy remembers that selects how it scales. Changed in place by its single owner. */
export interface SelectionMemory {
  readonly learned: SelectionState;
  /** What each arm would have made of the objective. */
  readonly promise: PromiseRecord;
  /** The choice that is in force; undefined before the first, while the spec's own profile is. */
  inForce: Chosen | undefined;
  /** What came of the last choosing, which may be that nothing was chosen; undefined before. */
  last: Selection | undefined;
  /** Of the last choosing: what each arm was expected to bring, source by source. */
  sources: readonly ArmSources[];
}

const USUAL_PRIORITY = 0.5;
/** A 1, and those numbers of a situation's embedding in which situations differ most. */
export const SELECTION_FEATURES = 15;

export function classOf({ objective }: Pick<PolicySpec, 'objective'>): WorkloadClass {
  return objective?.requests === undefined ? 'Metrics' : 'Requests';
}

/** What there is to select from: what the spec lists, or all ways to scale such a workload. */
export function candidatesOf(spec: PolicySpec): readonly Candidate[] {
  const workloadClass = classOf(spec);
  const listed = spec.selection?.policies;
  if (listed === undefined)
    return ARMS[workloadClass].map((arm) => ({ arm, name: arm.id, priority: USUAL_PRIORITY }));
  return listed.flatMap(({ name, type, priorityPercent }) => {
    const arm = armById(workloadClass, type);
    return arm === undefined ? [] : [{ arm, name, priority: priorityPercent / 100 }];
  });
}

/** The same memory where the spec wants nothing else; undefined where it selects nothing. */
export function adoptSelection(
  memory: SelectionMemory | undefined,
  policy: PolicyView,
): SelectionMemory | undefined {
  const options = optionsOf(policy);
  if (options === undefined) return undefined;
  if (memory === undefined)
    return {
      learned: createSelectionState(options),
      promise: createPromiseRecord(options.arms.length),
      inForce: undefined,
      last: undefined,
      sources: [],
    };
  const learned = adoptArms(memory.learned, options);
  if (learned === memory.learned) return memory;
  const promise = sameArms(learned, memory.learned)
    ? memory.promise
    : createPromiseRecord(learned.arms.length);
  const kept = memory.inForce !== undefined && learned.arms.includes(memory.inForce.arm);
  return kept
    ? { ...memory, learned, promise }
    : { learned, promise, inForce: undefined, last: undefined, sources: [] };
}

function sameArms({ arms }: SelectionState, { arms: before }: SelectionState): boolean {
  return arms.length === before.length && arms.every((arm, place) => arm === before[place]);
}

/** After a clock stepped back. */
export function turnSelectionMemoryBack({ learned }: SelectionMemory, now: number): void {
  turnSelectionBack(learned, now);
}

function optionsOf({ uid, spec }: PolicyView): SelectionOptions | undefined {
  const { selection } = spec;
  if (selection === undefined) return undefined;
  const linear = selection.strategy === 'LinUCB' || selection.strategy === 'LinearThompson';
  return {
    owner: uid,
    arms: candidatesOf(spec).map(({ arm }) => arm.id),
    alpha: selection.exploration.lossPercent / 100,
    ...(linear ? { features: SELECTION_FEATURES } : {}),
  };
}
