import type { RequestCounts } from '../../execute/outcome-window.ts';
import type { ArmOutcome, Censoring } from '../situation.ts';

/** What is known of a workload at one moment. Times in ms since the epoch. */
export interface OutcomeMoment {
  readonly now: number;
  readonly targetUid: string;
  /** `metadata.generation` of the policy: its spec is another with every new one. */
  readonly policyGeneration: number;
  /** As ordered (`spec.replicas`): what is paid for, and what the replayed arms count. */
  readonly replicas: number;
  /** Undefined while nobody can tell, or nothing is promised. */
  readonly violated: boolean | undefined;
  /** Requests since a meter began to run; undefined while nobody counts them. */
  readonly counts: RequestCounts | undefined;
  /** Restarts of containers since the last moment; undefined where no pod tells. */
  readonly restarts: number | undefined;
  /** Share of the CFS periods in which the pods were held back, 0 … 1. */
  readonly throttledShare: number | undefined;
  /** What a replica costs in an hour, in the policy's currency. */
  readonly replicaHourPrice: number | undefined;
  /** Every source of demand is fresh and covers the pods. */
  readonly covered: boolean;
  readonly rolloutInProgress: boolean;
  /** Since when the target's revision is wanted; undefined when that cannot be told. */
  readonly revisionAt?: number | undefined;
  /** Somebody else has just changed the replicas. */
  readonly overridden: boolean;
  /** Pods have just been lost together with their node. */
  readonly nodeLost: boolean;
  /** A decrease has just been undone, because the objective suffered. */
  readonly rolledBack: boolean;
}

/** What came between two moments. Sums over its time; null where not measured. */
export interface OutcomeSlice {
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
  /** Of them, those that the loop saw. */
  readonly seenSeconds: number;
  /** Of those, the ones in which the metrics came. */
  readonly coveredSeconds: number;
  readonly measuredSeconds: number;
  readonly violatedSeconds: number;
  readonly replicaSeconds: number;
  readonly cost: number | null;
  readonly requests: number | null;
  readonly badRequests: number | null;
  readonly restarts: number | null;
  readonly throttledSeconds: number | null;
  readonly replicasChanged: number;
  readonly rolledBack: boolean;
  readonly censoring: readonly Censoring[];
  /** What the replayed baseline has come to in the same time; null where it was not replayed. */
  readonly baseline: ArmOutcome | null;
}

/** The moment before, from which the next slice begins. */
export interface OutcomeMeter {
  last: OutcomeMoment | undefined;
}

/**
 * A look that comes much later than the last says nothing about what happened between: so much of it counts as seen.
 * Replicas and their cost go on, for they are the API server's and are there whether or not somebody looks.
 */
const LONGEST_LOOK_SECONDS = 60;

export function createOutcomeMeter(): OutcomeMeter {
  return { last: undefined };
}

/** What came since the moment before; undefined at the first, and when the clock has not moved on. */
export function observeMoment(
  meter: OutcomeMeter,
  moment: OutcomeMoment,
  baseline: ArmOutcome | null = null,
): OutcomeSlice | undefined {
  const { last } = meter;
  // A clock that stepped back begins anew: the time that it repeats has been counted.
  if (moment.now === last?.now) return undefined;
  meter.last = moment;
  return last === undefined || moment.now < last.now
    ? undefined
    : { ...sliceBetween(last, moment), baseline };
}

function sliceBetween(last: OutcomeMoment, moment: OutcomeMoment): Omit<OutcomeSlice, 'baseline'> {
  const seconds = (moment.now - last.now) / 1000;
  const seen = Math.min(seconds, LONGEST_LOOK_SECONDS);
  const { violated, throttledShare, replicaHourPrice, restarts } = moment;
  // Until now it was as many as were seen last; the change, whoever made it, is of this moment.
  const replicaSeconds = last.replicas * seconds;
  return {
    from: last.now,
    to: moment.now,
    seconds,
    seenSeconds: seen,
    coveredSeconds: moment.covered ? seen : 0,
    measuredSeconds: violated === undefined ? 0 : seen,
    violatedSeconds: violated === true ? seen : 0,
    replicaSeconds,
    cost: replicaHourPrice === undefined ? null : (replicaSeconds / 3600) * replicaHourPrice,
    ...requestsBetween(last.counts, moment.counts),
    restarts: restarts ?? null,
    throttledSeconds: throttledShare === undefined ? null : throttledShare * seen,
    replicasChanged: Math.abs(moment.replicas - last.replicas),
    rolledBack: moment.rolledBack,
    censoring: censoringBetween(last, moment),
  };
}

/** A meter that was begun anew counts from zero: what came between is not known. */
function requestsBetween(
  from: RequestCounts | undefined,
  to: RequestCounts | undefined,
): Pick<OutcomeSlice, 'requests' | 'badRequests'> {
  if (from === undefined || to === undefined || to.requests < from.requests) {
    return { requests: null, badRequests: null };
  }
  return {
    requests: to.requests - from.requests,
    badRequests: Math.max(0, to.badRequests - from.badRequests),
  };
}

function censoringBetween(last: OutcomeMoment, moment: OutcomeMoment): readonly Censoring[] {
  const found: Censoring[] = [];
  if (moment.overridden) found.push('Override');
  if (rolledOut(last, moment)) found.push('Rollout');
  if (moment.nodeLost) found.push('NodeLoss');
  if (moment.targetUid !== last.targetUid) found.push('TargetReplaced');
  if (moment.policyGeneration !== last.policyGeneration) found.push('SpecChanged');
  return found;
}

/**
 * Until its controller has looked at a new number of replicas, a target seems to be rolled out as well: once seen, it is a
 * rollout only with another revision.
 */
function rolledOut(last: OutcomeMoment, moment: OutcomeMoment): boolean {
  const seen = [last, moment].filter(({ rolloutInProgress }) => rolloutInProgress).length;
  return seen === 2 || (seen === 1 && last.revisionAt !== moment.revisionAt);
}
