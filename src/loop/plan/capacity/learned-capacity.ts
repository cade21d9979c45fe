import { loadLevels, type LoadLevel, type SaturationEvidence } from '../../monitor/saturation.ts';
import { isotonicRegression } from './isotonic.ts';

/** What the workload's own past says of one replica. */
export type LearnedCapacity =
  | {
      readonly known: true;
      /** Largest load per replica that is served within the objective, in the unit of the evidence. */
      readonly loadPerReplica: number;
      /** How many replicas there were at that load: more of them share a load better. */
      readonly replicas: number;
      /** `Measured`: a larger load was seen to hurt. `AtLeast`: none was. */
      readonly bound: 'Measured' | 'AtLeast';
      readonly evidence: CapacityEvidence;
    }
  | {
      readonly known: false;
      /** `NotFromLoad`: too many requests are bad at the lowest loads too, and no replica more would help. */
      readonly reason: 'NoEvidence' | 'NotFromLoad';
      readonly evidence: CapacityEvidence;
    };

export interface CapacityEvidence {
  /** Ticks that count, the older ones less. */
  readonly observations: number;
  /** The largest load per replica that was seen for long enough; 0 when none was. */
  readonly highestLoad: number;
  /** Share of bad requests there, and at the lowest loads: as fitted, 0 … 1. */
  readonly badShareAtHighest: number;
  readonly badShareAtLowest: number;
}

/** A minute of 15 s ticks: less of a load tells nothing by itself and is counted with the load below it. */
const MIN_WEIGHT = 4;

/**
 * A load that nobody has seen is tried in steps of a tenth, and only after an hour at the largest one: what is found
 * out there, users find out first.
 */
const GROWTH = 0.1;
const GROWTH_WEIGHT = 240;

/** Loads within a tenth of the largest one count as seen at it. */
const NEAR = 0.9;

/**
 * The largest load per replica at which the fitted share of bad requests is within the objective. Bad requests rise
 * with load, so the fit is isotonic: that a middle load was bad for a while and larger ones were good is averaged out.
 * @param slowShare V*: accepted share of bad requests, 0 … 1.
 */
export function learnedCapacity(evidence: SaturationEvidence, slowShare: number): LearnedCapacity {
  const levels = merged(loadLevels(evidence));
  const fitted = isotonicRegression(levels.map(({ badShare, weight }) => ({ value: badShare, weight })));
  const top = levels.at(-1);
  const facts: CapacityEvidence = {
    observations: levels.reduce((sum, { weight }) => sum + weight, 0),
    highestLoad: top?.load ?? 0,
    badShareAtHighest: fitted.at(-1) ?? 0,
    badShareAtLowest: fitted[0] ?? 0,
  };
  if (top === undefined) return { known: false, reason: 'NoEvidence', evidence: facts };
  // The fit rises, so what is within the objective is a beginning of it.
  const within = fitted.filter((share) => share <= slowShare).length;
  const best = levels[within - 1];
  if (best === undefined) return { known: false, reason: 'NotFromLoad', evidence: facts };
  const above = levels[within];
  const measured = { known: true, replicas: best.replicas, evidence: facts } as const;
  if (above === undefined) return { ...measured, bound: 'AtLeast', loadPerReplica: grown(levels, top) };
  const [low, high] = [fitted[within - 1] ?? 0, fitted[within] ?? 1];
  const part = (slowShare - low) / (high - low);
  return { ...measured, bound: 'Measured', loadPerReplica: best.load + part * (above.load - best.load) };
}

function grown(levels: readonly LoadLevel[], { load }: LoadLevel): number {
  const near = levels.filter((level) => level.load >= NEAR * load);
  const weight = near.reduce((sum, level) => sum + level.weight, 0);
  return load * (1 + GROWTH * Math.min(1, weight / GROWTH_WEIGHT));
}

/** Joins each step that was seen too shortly with the steps below it, from the highest on; a rest too small is left out. */
function merged(levels: readonly LoadLevel[]): readonly LoadLevel[] {
  const joined: LoadLevel[] = [];
  let open: LoadLevel | undefined;
  for (let i = levels.length - 1; i >= 0; i -= 1) {
    const level = levels[i];
    if (level === undefined) continue;
    open = open === undefined ? level : joinedLevel(open, level);
    if (open.weight < MIN_WEIGHT) continue;
    joined.push(open);
    open = undefined;
  }
  return joined.reverse();
}

function joinedLevel(one: LoadLevel, other: LoadLevel): LoadLevel {
  const weight = one.weight + other.weight;
  const part = other.weight / weight;
  const between = (a: number, b: number): number => a + (b - a) * part;
  return {
    load: between(one.load, other.load),
    badShare: between(one.badShare, other.badShare),
    replicas: between(one.replicas, other.replicas),
    weight,
  };
}
