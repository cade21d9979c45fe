import type { Censoring, Situation } from '../situation.ts';
import { OUTCOMES } from './columns.ts';
import type { HotIndex } from './hot-index.ts';
import { SIMILAR_DISTANCE } from './kernel.ts';
import type { Nearest } from './nearest.ts';
import { CENSORINGS } from './remember.ts';

/** A neighbour as people are told of it: when, where, what was done, what came of it. */
export interface RecalledSituation {
  readonly id: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly policy: { readonly namespace: string; readonly name: string };
  readonly workload: { readonly kind: string; readonly name: string };
  /** Of the policy that asks. */
  readonly own: boolean;
  readonly distance: number;
  readonly summary: string;
  readonly action: Situation['action'];
  /** Null where it was not measured. */
  readonly outcome: {
    readonly violatedShare: number | null;
    readonly badShare: number | null;
    readonly costOverOracle: number | null;
    readonly rollbacks: number;
  };
  /** Null where it cannot be judged. */
  readonly succeeded: boolean | null;
  readonly censored: readonly Censoring[];
}

/** How similar situations ended. Those that cannot be judged count for neither. */
export interface SimilarOutcomes {
  readonly judged: number;
  readonly succeeded: number;
  readonly unjudged: number;
}

interface Asked {
  readonly policyUid: string;
  readonly distance: number;
}

/** Reads a row of the index. */
export function tellNeighbour(
  index: HotIndex,
  row: number,
  { policyUid, distance }: Asked,
): RecalledSituation {
  const { columns, owners } = index;
  const owner = owners.entries[columns.owner[row] ?? -1];
  const label = index.labels[row];
  if (owner === undefined || label === undefined)
    throw new RangeError(`the index of situations has no row ${row}`);
  const { policy, workload } = owner;
  const judged = columns.succeeded[row] ?? -1;
  return {
    id: label.id,
    at: columns.at[row] ?? NaN,
    policy: { namespace: policy.namespace, name: policy.name },
    workload: { kind: workload.kind, name: workload.name },
    own: policy.uid === policyUid,
    distance,
    summary: label.summary,
    action: {
      from: columns.from[row] ?? 0,
      to: columns.to[row] ?? 0,
      peak: columns.peak[row] ?? 0,
      arm: label.arm,
    },
    outcome: outcomeOf(index, row),
    succeeded: judged < 0 ? null : judged === 1,
    censored: CENSORINGS.filter((_, bit) => ((columns.censored[row] ?? 0) & (1 << bit)) !== 0),
  };
}

function outcomeOf({ columns }: HotIndex, row: number): RecalledSituation['outcome'] {
  const value = (name: (typeof OUTCOMES)[number]): number | null => {
    const found = columns.outcomes[row * OUTCOMES.length + OUTCOMES.indexOf(name)] ?? NaN;
    return Number.isNaN(found) ? null : found;
  };
  return {
    violatedShare: value('violatedShare'),
    badShare: value('badShare'),
    costOverOracle: value('costOverOracle'),
    rollbacks: value('rollbacks') ?? 0,
  };
}

/** Of the neighbours that are near enough to be called similar. */
export function similarOutcomes(
  { columns }: HotIndex,
  { rows, distances }: Pick<Nearest, 'rows' | 'distances'>,
): SimilarOutcomes {
  const similar = rows.filter((_, place) => (distances[place] ?? Infinity) <= SIMILAR_DISTANCE);
  const count = (outcome: number): number =>
    similar.filter((row) => (columns.succeeded[row] ?? -1) === outcome).length;
  const [succeeded, failed] = [count(1), count(0)];
  return { judged: succeeded + failed, succeeded, unjudged: similar.length - succeeded - failed };
}
