import { slowShareOf, type ServiceModel } from '../capacity/service-model.ts';
import { priceOf, type BudgetPacing } from './budget-pacing.ts';

/**
 * A workload whose objective cannot be met at a sane cost: bursts come faster than replicas start, and no price of slow
 * requests makes them foreseeable. People can: with a floor of replicas, or a faster start.
 */
export interface StrainedBudget {
  /** Ms since the epoch. */
  readonly since: number;
  /** Price of a slow request in usual ones. */
  readonly priceFactor: number;
  /** Replicas that, standing all the time, would have met the objective; undefined without a history. */
  readonly floorReplicas: number | undefined;
  /**
   * The longest of the usual start-up times with which twice the replicas of the recent peak would have met it;
   * undefined when none would, or without a history.
   */
  readonly startupSeconds: number | undefined;
}

export interface OutlookInput {
  /** Ms since the epoch. */
  readonly now: number;
  readonly service: ServiceModel;
  /** V*: accepted share of slow requests, 0 … 1. */
  readonly slowShare: number;
  /** Mean requests per second of each of the last minutes, oldest first; NaN when unknown. Days of them. */
  readonly minutes: ArrayLike<number>;
  readonly startupSeconds: number;
  /** Age of the newest measurement when it is decided on. */
  readonly lagSeconds: number;
}

/** Shorter strains are the repayment of one bad hour. */
const STRAINED_MS = 86_400_000;

/** What containers can be brought to: a warm image, a smaller runtime, a snapshot. */
const STARTUPS = [180, 120, 90, 60, 40, 20, 10, 5] as const;

/** A replica kept free for each busy one is the most that is called sane. */
const SANE_FACTOR = 2;

/** Minutes whose peak a simple scaler would provide for. */
const PEAK_MINUTES = 5;

/** Undefined while the price has not been extreme for a whole day. Takes some milliseconds for a week: not for each decision. */
export function budgetOutlook(pacing: BudgetPacing, input: OutlookInput): StrainedBudget | undefined {
  const { strainedSince } = pacing;
  if (!(input.now - strainedSince >= STRAINED_MS)) return undefined;
  return {
    since: strainedSince,
    priceFactor: Math.exp(priceOf(pacing).pressure),
    floorReplicas: floorThatServes(input),
    startupSeconds: STARTUPS.find(
      (seconds) => seconds < input.startupSeconds && startupServes(input, seconds),
    ),
  };
}

/** The smallest number that would have met the objective over all minutes. */
function floorThatServes(input: OutlookInput): number | undefined {
  const { minutes, service, slowShare } = input;
  const peak = largest(minutes, 0, minutes.length - 1);
  if (peak === undefined) return undefined;
  let low = 0;
  // Twice the peak's work, and then some: no line forms at half the load of many.
  let high = Math.ceil((SANE_FACTOR * peak) / service.requestsPerSecond) + 10;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (shareOfSlow(input, () => middle) <= slowShare) high = middle;
    else low = middle;
  }
  return high;
}

/** Whether a simple scaler, twice the recent peak's work, meets the objective when replicas start in so many seconds. */
function startupServes(input: OutlookInput, startupSeconds: number): boolean {
  const { minutes, service, lagSeconds, slowShare } = input;
  // The peak that was known when the replicas of a minute were ordered; a part of a minute late is a minute late.
  const late = Math.ceil((startupSeconds + lagSeconds) / 60);
  const share = shareOfSlow(input, (minute) => {
    const peak = largest(minutes, minute - late - PEAK_MINUTES + 1, minute - late);
    return peak === undefined
      ? undefined
      : Math.max(1, Math.ceil((SANE_FACTOR * peak) / service.requestsPerSecond));
  });
  return share <= slowShare;
}

/** Share of all requests that would have been slow; NaN when none is known. Minutes without replicas or demand are left out. */
function shareOfSlow(
  { minutes, service }: OutlookInput,
  replicasAt: (minute: number) => number | undefined,
): number {
  let slow = 0;
  let requests = 0;
  for (let minute = 0; minute < minutes.length; minute++) {
    const demand = minutes[minute] ?? NaN;
    const replicas = replicasAt(minute);
    if (Number.isNaN(demand) || replicas === undefined) continue;
    requests += demand;
    slow += demand * slowShareOf(replicas, demand, service);
  }
  return slow / requests;
}

/** The largest known of `from … to`; undefined when none is. */
function largest(values: ArrayLike<number>, from: number, to: number): number | undefined {
  let most: number | undefined;
  for (let i = Math.max(0, from); i <= to; i++) {
    const value = values[i] ?? NaN;
    if (!Number.isNaN(value) && (most === undefined || value > most)) most = value;
  }
  return most;
}
