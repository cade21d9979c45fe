import { addReward, USUAL_FORGETTING, type Tally } from './bandit/tally.ts';
import type { LinearModel } from './bandit/linear-model.ts';
import { USUAL_ALPHA } from './ledger.ts';
import { copyReplay } from './replay-learner.ts';
import { createSelectionState, type SelectionOptions, type SelectionState } from './selection-state.ts';

/**
 * The state of a policy whose arms, or what is said about learning, were edited: what is known of an arm stays with its name.
 * The same state where nothing has changed. Choices of arms that are gone have no outcome any more.
 * @throws RangeError naming what cannot be
 */
export function adoptArms(state: SelectionState, options: SelectionOptions): SelectionState {
  if (isSame(state, options)) return state;
  const next = createSelectionState(options);
  const from = next.arms.map((arm) => state.arms.indexOf(arm));
  copyRows(state.records, next.records, { from, width: 3 });
  copyTally(state.tally, next.tally, from);
  copyReplay(state.replay, next.replay, from);
  const linear = linearOf(state.linear, next.linear, from);
  const { slack, explored, heldBack, compared, rewards, baseline } = state.ledger;
  const alpha = next.ledger.alpha;
  return {
    ...next,
    linear,
    // What was promised under another share is no slack under this one.
    ledger: {
      alpha,
      slack: alpha < state.ledger.alpha ? Math.min(0, slack) : slack,
      explored,
      heldBack,
      compared,
      rewards,
      baseline,
    },
    pending: state.pending.flatMap((choice) => {
      const arm = from.indexOf(choice.arm);
      const champion = from.indexOf(choice.champion);
      return arm < 0 || champion < 0 ? [] : [{ ...choice, arm, champion }];
    }),
    settled: state.settled,
    chosenAt: state.chosenAt,
    learnedAt: state.learnedAt,
  };
}

function isSame(
  state: SelectionState,
  { owner, arms, forgetting = USUAL_FORGETTING, features, alpha = USUAL_ALPHA }: SelectionOptions,
): boolean {
  return (
    state.owner === owner &&
    state.arms.length === arms.length &&
    state.arms.every((arm, place) => arm === arms[place]) &&
    JSON.stringify(state.tally.forgetting) === JSON.stringify(forgetting) &&
    state.linear?.features === features &&
    state.ledger.alpha === alpha
  );
}

type Numbers = Float64Array | Float32Array;

interface Rows {
  /** For each new row the old one, or −1. */
  readonly from: readonly number[];
  readonly width: number;
}

function copyRows(source: Numbers, target: Numbers, { from, width }: Rows): void {
  for (const [row, old] of from.entries()) {
    if (old >= 0) target.set(source.subarray(old * width, (old + 1) * width), row * width);
  }
}

const TALLY_FIELDS = 3;

/** Another way to forget, or a window, begins with the rewards that are still there one by one, or with none. */
function copyTally(source: Tally, target: Tally, from: readonly number[]): void {
  const width = TALLY_FIELDS;
  copyRows(source.sums.subarray(width * source.arms), target.sums.subarray(width * target.arms), {
    from,
    width,
  });
  if (source.ring !== undefined) {
    const { arm, reward, next, filled } = source.ring;
    for (let i = 0; i < filled; i += 1) {
      const place = (next - filled + i + arm.length) % arm.length;
      const row = from.indexOf(arm[place] ?? -1);
      if (row >= 0) addReward(target, row, reward[place] ?? 0);
    }
    return;
  }
  if (target.ring === undefined) copyRows(source.sums, target.sums, { from, width });
}

function linearOf(
  source: LinearModel | undefined,
  target: LinearModel | undefined,
  from: readonly number[],
): LinearModel | undefined {
  if (target === undefined || source?.features !== target.features) return target;
  copyRows(source.roots, target.roots, { from, width: source.roots.length / source.arms });
  copyRows(source.weights, target.weights, { from, width: 2 });
  target.step = source.step;
  return target;
}
