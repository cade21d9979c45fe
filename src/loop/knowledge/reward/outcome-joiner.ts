/**
 * Brings decisions and what came of them together by the decision's id, in whatever order they are told: after a restart
 * outcomes are read before the decisions that they belong to, and both may be told twice. Every id is reported exactly once.
 * Plain data; `D` and `O` are carried through and never looked into. Times in ms since the epoch.
 */
export interface OutcomeJoiner<D, O> {
  readonly maxPending: number;
  /** Halves that wait for the other, by decision id. */
  readonly pending: Map<string, Half<D, O>>;
  /** Ids that were reported, the oldest first, to know one that is told again. */
  readonly reported: Set<string>;
  /** Told again, or after its id was reported. */
  repeated: number;
}

export type Half<D, O> = DecisionHalf<D> | OutcomeHalf<O>;

export interface DecisionHalf<D> {
  readonly half: 'Decision';
  readonly decisionId: string;
  /** After it nobody waits for the outcome. */
  readonly waitUntil: number;
  readonly decision: D;
}

export interface OutcomeHalf<O> {
  readonly half: 'Outcome';
  readonly decisionId: string;
  /** After it nobody waits for the decision. */
  readonly waitUntil: number;
  readonly outcome: O;
}

export type JoinReport<D, O> =
  | { readonly result: 'Joined'; readonly decisionId: string; readonly decision: D; readonly outcome: O }
  /** What came of it was not told in time. */
  | {
      readonly result: 'NoOutcome';
      readonly decisionId: string;
      readonly decision: D;
      readonly why: WhyAlone;
    }
  /** Nobody told in time what was decided. */
  | {
      readonly result: 'NoDecision';
      readonly decisionId: string;
      readonly outcome: O;
      readonly why: WhyAlone;
    };

/** The time was over, or there was no room to wait any longer. */
export type WhyAlone = 'Expired' | 'NoRoom';

/** An id that comes again after so many others is taken for a new one; a joined pair is written under its id anyway. */
const REMEMBERED_REPORTS = 4096;

/** @param maxPending halves that may wait at the same time */
export function createOutcomeJoiner<D, O>(maxPending: number): OutcomeJoiner<D, O> {
  if (!Number.isInteger(maxPending) || maxPending < 1)
    throw new RangeError(`maxPending must be a whole number from 1 on, found ${maxPending}`);
  return { maxPending, pending: new Map(), reported: new Set(), repeated: 0 };
}

/** Takes a half; returns what it completes, and who had to make room for it. */
export function joinHalf<D, O>(joiner: OutcomeJoiner<D, O>, half: Half<D, O>): readonly JoinReport<D, O>[] {
  const { decisionId } = half;
  const other = joiner.pending.get(decisionId);
  if (joiner.reported.has(decisionId) || other?.half === half.half) {
    // The first one counts: a decision has one ending, and its journal sees to that.
    joiner.repeated += 1;
    return [];
  }
  if (other === undefined) {
    joiner.pending.set(decisionId, half);
    return joiner.pending.size > joiner.maxPending ? makeRoom(joiner) : [];
  }
  const decision = half.half === 'Decision' ? half : (other as DecisionHalf<D>);
  const outcome = half.half === 'Outcome' ? half : (other as OutcomeHalf<O>);
  end(joiner, decisionId);
  return [{ result: 'Joined', decisionId, decision: decision.decision, outcome: outcome.outcome }];
}

/** Reports what has waited until `now` in vain, in the order of its time. */
export function expireHalves<D, O>(joiner: OutcomeJoiner<D, O>, now: number): readonly JoinReport<D, O>[] {
  const over = [...joiner.pending.values()].filter(({ waitUntil }) => waitUntil <= now).sort(byWait);
  return over.map((half) => {
    end(joiner, half.decisionId);
    return alone(half, 'Expired');
  });
}

/** Who would have been given up next goes now. */
function makeRoom<D, O>(joiner: OutcomeJoiner<D, O>): readonly JoinReport<D, O>[] {
  let next: Half<D, O> | undefined;
  for (const half of joiner.pending.values()) {
    if (next === undefined || byWait(half, next) < 0) next = half;
  }
  if (next === undefined) return [];
  end(joiner, next.decisionId);
  return [alone(next, 'NoRoom')];
}

type Waiting = Pick<DecisionHalf<unknown>, 'waitUntil' | 'decisionId'>;

/** By time, then by id: the same halves give the same reports in whatever order they came. */
function byWait(a: Waiting, b: Waiting): number {
  return a.waitUntil - b.waitUntil || (a.decisionId < b.decisionId ? -1 : 1);
}

function end({ pending, reported }: OutcomeJoiner<unknown, unknown>, decisionId: string): void {
  pending.delete(decisionId);
  reported.add(decisionId);
  if (reported.size <= REMEMBERED_REPORTS) return;
  for (const oldest of reported) {
    reported.delete(oldest);
    break;
  }
}

function alone<D, O>(half: Half<D, O>, why: WhyAlone): JoinReport<D, O> {
  const { decisionId } = half;
  return half.half === 'Decision'
    ? { result: 'NoOutcome', decisionId, decision: half.decision, why }
    : { result: 'NoDecision', decisionId, outcome: half.outcome, why };
}
