import type { PolicySpec } from '../../api/policy-spec.ts';
import { objectiveTerms } from './objective.ts';
import { allowedBadShare, type RequestReport } from './requests.ts';

/**
 * How fast the objective's error budget is being spent, in the multi-window form of Google's SRE Workbook (chapter 5,
 * "Alerting on SLOs"): a long window says that it matters, a short one that it is still going on.
 */
export interface ErrorBudget {
  /**
   * What was bad, in requests or in seconds, by bin of five minutes modulo `BINS`; then, by bin, bad and good together.
   * Undefined before the first entry.
   */
  sums: Float32Array | undefined;
  /** The bin written last; NaN before the first. */
  bin: number;
  /** When the last entry was made, ms; NaN before the first. */
  at: number;
}

const BIN_MS = 300_000;
/** Six hours and the bin that is being filled. */
const BINS = 73;
/** An evaluation that comes much later than the last says nothing about the time between. */
const MAX_GAP_MS = 60_000;

interface Brake {
  readonly hours: number;
  readonly longBins: number;
  readonly shortBins: number;
  readonly burn: number;
}

/** Indicators: spending faster than the budget lasts is reason enough to give nothing back. */
const BRAKES: readonly Brake[] = [
  { hours: 1, longBins: 12, shortBins: 1, burn: 1 },
  { hours: 6, longBins: 72, shortBins: 6, burn: 1 },
];

/**
 * Requests: the plan spends their budget on purpose, evenly, by its price for a bad one; burning near 1 is what
 * it is meant to do. The brake is for what that did not foresee: the two rates at which the workbook pages people.
 */
const PACED_BRAKES: readonly Brake[] = [
  { hours: 1, longBins: 12, shortBins: 1, burn: 14.4 },
  { hours: 6, longBins: 72, shortBins: 6, burn: 6 },
];

/** How bad it is at this moment, and how fast the budget goes. */
export interface BudgetFacts {
  /** What is bad now, in words; undefined when it is good or nobody knows. */
  readonly badNow: string | undefined;
  /** Which windows are burning, in words; undefined when none is. */
  readonly burning: string | undefined;
  /** Share of the last hour that was bad, 0 … 1; undefined when nothing was measured. */
  readonly badShare: number | undefined;
}

export interface ObjectiveNow {
  readonly objective: PolicySpec['objective'];
  /** Any of the objective's indicators or its requests is beyond its bound; undefined when unknown. */
  readonly violated: boolean | undefined;
  readonly requests: RequestReport | undefined;
}

export function createErrorBudget(): ErrorBudget {
  return { sums: undefined, bin: NaN, at: NaN };
}

/** Notes how the objective does now and says what follows from it. */
export function observeBudget(budget: ErrorBudget, now: number, seen: ObjectiveNow): BudgetFacts {
  const terms = objectiveTerms(seen.objective);
  if (terms === undefined) return { badNow: undefined, burning: undefined, badShare: undefined };
  record(budget, now, seen);
  const paced = seen.objective?.requests;
  const allowed = paced === undefined ? terms.allowedShare : allowedBadShare(paced);
  const brakes = paced === undefined ? BRAKES : PACED_BRAKES;
  const brake = brakes.find(
    ({ longBins, shortBins, burn }) =>
      burnOf(budget, longBins, allowed) > burn && burnOf(budget, shortBins, allowed) > burn,
  );
  return {
    badNow: badNow(seen),
    burning: brake && burningText(budget, brake, allowed),
    badShare: shareOf(budget, 12),
  };
}

/** A clock that stepped back begins the budget anew: what lies in its future cannot be placed. */
export function turnBudgetBack(budget: ErrorBudget, now: number): void {
  if (!(budget.at > now)) return;
  Object.assign(budget, createErrorBudget());
}

function record(budget: ErrorBudget, now: number, { violated, requests, objective }: ObjectiveNow): void {
  const seconds = Math.min(Math.max(0, now - budget.at), MAX_GAP_MS) / 1000;
  moveTo(budget, Math.floor(now / BIN_MS));
  budget.at = now;
  if (Number.isNaN(seconds)) return;
  if (objective?.requests === undefined) {
    if (violated !== undefined) add(budget, violated ? seconds : 0, seconds);
  } else if (requests?.badShare !== undefined && requests.total.quality === 'Fresh') {
    const all = Math.min(requests.total.value, MAX_RATE) * seconds;
    add(budget, requests.badShare * all, all);
  }
}

/** Sums of rates must stay finite. */
const MAX_RATE = 1e30;

function add(budget: ErrorBudget, badNow: number, allNow: number): void {
  const sums = (budget.sums ??= new Float32Array(2 * BINS));
  const slot = budget.bin % BINS;
  sums[slot] = (sums[slot] ?? 0) + badNow;
  sums[BINS + slot] = (sums[BINS + slot] ?? 0) + allNow;
}

function moveTo(budget: ErrorBudget, bin: number): void {
  const passed = bin - budget.bin;
  const { sums } = budget;
  if (!(passed >= 0 && passed < BINS)) sums?.fill(0);
  else if (sums !== undefined) {
    for (let b = budget.bin + 1; b <= bin; b += 1) {
      sums[b % BINS] = 0;
      sums[BINS + (b % BINS)] = 0;
    }
  }
  budget.bin = bin;
}

/** Bad ÷ all of the last `bins` full bins and the one being filled; undefined when nothing was measured. */
function shareOf({ sums, bin }: ErrorBudget, bins: number): number | undefined {
  if (sums === undefined) return undefined;
  let badSum = 0;
  let allSum = 0;
  for (let b = Math.max(0, bin - bins); b <= bin; b += 1) {
    badSum += sums[b % BINS] ?? 0;
    allSum += sums[BINS + (b % BINS)] ?? 0;
  }
  return allSum > 0 ? badSum / allSum : undefined;
}

function burnOf(budget: ErrorBudget, bins: number, allowed: number): number {
  const share = shareOf(budget, bins) ?? 0;
  return share === 0 ? 0 : share / allowed;
}

function burningText(budget: ErrorBudget, { hours, longBins }: Brake, allowed: number): string {
  const share = percent(shareOf(budget, longBins) ?? 0);
  return `${share} of what was measured in the last ${hours} h was bad, allowed is ${percent(allowed)}`;
}

/** A moment in which more than this many times the allowed share of the requests is bad is an outage and no noise. */
const ACUTE_BURN = 14.4;

function badNow({ violated, requests, objective }: ObjectiveNow): string | undefined {
  const paced = objective?.requests;
  if (paced === undefined) return violated === true ? 'an indicator is beyond its threshold' : undefined;
  const share = requests?.badShare ?? 0;
  if (share > ACUTE_BURN * allowedBadShare(paced)) {
    return `${percent(share)} of the requests are bad, allowed is ${percent(allowedBadShare(paced))}`;
  }
  // Beside requests there may be indicators, and those are not paced.
  const indicators = objective?.indicators.length ?? 0;
  const withinRequests = share <= allowedBadShare(paced);
  return violated === true && indicators > 0 && withinRequests
    ? 'an indicator is beyond its threshold'
    : undefined;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
