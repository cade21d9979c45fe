import type { LossWeights } from '../../loop/knowledge/recall/loss.ts';
import type { Situation } from '../../loop/knowledge/situation.ts';
import { lossesOf, type LearnerFactory } from './selection-learner.ts';

/** Mean loss of a window in the first day of a workload, after it, and over all; NaN where there is no window. */
export interface SelectionLoss {
  readonly firstDay: number;
  readonly later: number;
  readonly all: number;
}

/** What one workload's windows came to by each learner, in their order. */
export interface SelectionScore {
  readonly workload: string;
  readonly windows: number;
  readonly losses: readonly SelectionLoss[];
}

const DAY_MS = 86_400_000;

/**
 * Lets each learner choose an arm for every window of every workload, from what the windows before it and those of all
 * other workloads came to: leave one out. The chosen arm's replayed loss counts. A change of arms costs nothing here:
 * arms are replayed each on its own.
 *
 * @param workloads the windows of each, oldest first; those without replayed arms are left out
 */
export function evaluateSelection(
  workloads: readonly (readonly Situation[])[],
  learners: readonly LearnerFactory[],
  weights: LossWeights,
): readonly SelectionScore[] {
  const replayed = workloads.map((windows) => windows.filter(({ arms }) => arms.length > 0));
  return replayed.map((windows, place) => {
    const pool = replayed.filter((_, other) => other !== place).flat();
    return {
      workload: windows[0]?.workload.name ?? '',
      windows: windows.length,
      losses: learners.map((learner) => lossOfLearner(windows, learner, { pool, future: windows, weights })),
    };
  });
}

function lossOfLearner(
  windows: readonly Situation[],
  factory: LearnerFactory,
  context: Parameters<LearnerFactory>[0],
): SelectionLoss {
  const learner = factory(context);
  const firstDayEnds = (windows[0]?.at ?? 0) + DAY_MS;
  const losses = windows.map((situation) => {
    const byArm = lossesOf(situation, context.weights);
    const arm = learner.choose(situation) ?? situation.action.arm;
    const loss = byArm.get(arm);
    if (loss === undefined) throw new RangeError(`situation ${situation.id}: arm ${arm} was not replayed`);
    learner.observe(situation);
    return { first: situation.at < firstDayEnds, loss };
  });
  const meanOf = (some: typeof losses): number => some.reduce((sum, { loss }) => sum + loss, 0) / some.length;
  return {
    firstDay: meanOf(losses.filter(({ first }) => first)),
    later: meanOf(losses.filter(({ first }) => !first)),
    all: meanOf(losses),
  };
}
