/** What one value of a contender's knob cost and caused on the warm-up. */
export interface KnobTrial {
  readonly knob: number;
  readonly replicaSeconds: number;
  /** V, 0 … 1. */
  readonly badRequestShare: number;
}

/**
 * The protocol's tuning, the same for everybody: the cheapest value that met the objective `slowShare` on the warm-up;
 * where none did, the one with the fewest slow requests. Of equals the later one, because a contender lists its values
 * from the cheapest to the safest.
 */
export function chooseKnob(trials: readonly KnobTrial[], slowShare: number): number {
  const meeting = trials.filter((trial) => trial.badRequestShare <= slowShare);
  const best = meeting.length > 0 ? last(meeting, cheaper) : last(trials, safer);
  if (best === undefined) throw new RangeError('no value of the knob was tried, and one has to be chosen');
  return best.knob;
}

function cheaper(a: KnobTrial, b: KnobTrial): number {
  return a.replicaSeconds - b.replicaSeconds || a.badRequestShare - b.badRequestShare;
}

function safer(a: KnobTrial, b: KnobTrial): number {
  return a.badRequestShare - b.badRequestShare;
}

/** The last of the smallest. */
function last(
  trials: readonly KnobTrial[],
  compare: (a: KnobTrial, b: KnobTrial) => number,
): KnobTrial | undefined {
  let best: KnobTrial | undefined;
  for (const trial of trials) if (best === undefined || compare(trial, best) <= 0) best = trial;
  return best;
}
