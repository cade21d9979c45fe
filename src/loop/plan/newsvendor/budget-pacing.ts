/**
 * The price of a slow request, paced by the objective's measured budget: an integral controller on the logarithm of
 * the price, as bids are paced to a budget in auctions (Balseiro and Gur, Management Science 2019) and multipliers
 * follow constraints in online optimisation (Mahdavi et al., JMLR 2012). Forecasts may be wrong in any way: what
 * counts is which requests were slow.
 */
export interface BudgetPacing {
  /** Days of budget spent too much (positive) or too little. */
  debt: number;
  /** Requests per second, exponentially weighted over a week; a running mean before. */
  meanRate: number;
  /** Counters as last read, and when, ms since the epoch; NaN before the first reading. */
  requests: number;
  slowRequests: number;
  readAt: number;
  /** Seconds between readings that could be compared: what `meanRate` is made of. */
  countedSeconds: number;
  /** Since when the price has been extreme without a break, ms since the epoch; NaN while it is not. */
  strainedSince: number;
}

/** Counters of requests since some beginning. */
export interface RequestCounters {
  readonly requests: number;
  /** Of them, those that waited longer than the objective allows or failed. */
  readonly slowRequests: number;
}

/** What the pacing says about this moment. */
export interface Price {
  /** Λ: cost of a replica's full load of slow requests, in replicas. */
  readonly penalty: number;
  /** Factor on demand. */
  readonly margin: number;
  /** z: how far from its usual price, in e-folds. */
  readonly pressure: number;
}

const DAY_SECONDS = 86_400;

/**
 * What a day's budget is measured by: over a week, for the debt of a day with five times the requests would be one of
 * five ordinary days by the next day's count.
 */
const MEAN_SECONDS = 7 * DAY_SECONDS;

/** Slow requests of the first half day are not counted: nothing was known yet, and the debt would be repaid for days. */
const GRACE_SECONDS = DAY_SECONDS / 2;

/**
 * The objective aimed at, as a part of the promised one: room for the swing of the controller itself. With 0.92 and two minutes
 * of start-up one of the 14 development traces ends at 1.02 to 1.04 of it; 0.9 costs half a percent more.
 */
const TARGET_SHARE = 0.9;

/**
 * z per day of budget. A price that stays level over an ordinary week costs least: 2 costs 2 to 5 % more on measured
 * traces. Steeper beyond a day or two of debt costs 1 to 3 % and, at 0.2 % too, meets the objective on no more of them.
 */
const GAIN = 1;

/** Λ between 15·e⁻³ = 0.75 and 15·e⁶ = 6,050. */
const MIN_PRESSURE = -3;
const MAX_PRESSURE = 6;

/** Twenty times the usual price. */
const STRAINED_PRESSURE = 3;

const USUAL_PENALTY = 15;

/**
 * Under lasting pressure demand is counted larger: a wrong capacity per replica cannot be mended by any price, for
 * the model believes that all is well.
 */
const MARGIN_FROM = 1.5;
const MARGIN_RATE = 0.1;

export function createBudgetPacing(): BudgetPacing {
  return {
    debt: 0,
    meanRate: 0,
    requests: NaN,
    slowRequests: NaN,
    readAt: NaN,
    countedSeconds: 0,
    strainedSince: NaN,
  };
}

/**
 * Takes in the counters as read at `now` (ms since the epoch). Not called while they are unknown: then the debt stays,
 * and the next reading brings what was missed. Counters that ran backwards began anew, and so does a clock that did.
 * @param slowShare V*: accepted share of slow requests, 0 … 1.
 */
export function paceBudget(
  pacing: BudgetPacing,
  now: number,
  counters: RequestCounters,
  slowShare: number,
): void {
  const requests = counters.requests - pacing.requests;
  const slow = counters.slowRequests - pacing.slowRequests;
  const elapsed = (now - pacing.readAt) / 1000;
  pacing.requests = counters.requests;
  pacing.slowRequests = counters.slowRequests;
  pacing.readAt = now;
  // Not true for the first reading either.
  const comparable = requests >= 0 && slow >= 0 && elapsed > 0;
  if (!comparable || requests === Infinity || slow === Infinity) return;
  pacing.countedSeconds += elapsed;
  const weight = elapsed / Math.max(elapsed, Math.min(pacing.countedSeconds, MEAN_SECONDS));
  pacing.meanRate += weight * (requests / elapsed - pacing.meanRate);
  if (pacing.countedSeconds < GRACE_SECONDS || pacing.meanRate === 0) return;
  const dailyBudget = slowShare * pacing.meanRate * DAY_SECONDS;
  const debt = pacing.debt + (slow - TARGET_SHARE * slowShare * requests) / dailyBudget;
  // Beyond the ends of the price a debt would only delay the way back.
  pacing.debt = Math.min(MAX_PRESSURE / GAIN, Math.max(MIN_PRESSURE / GAIN, debt));
  if (GAIN * pacing.debt < STRAINED_PRESSURE) pacing.strainedSince = NaN;
  else if (Number.isNaN(pacing.strainedSince)) pacing.strainedSince = now;
}

export function priceOf({ debt }: BudgetPacing): Price {
  const pressure = Math.min(MAX_PRESSURE, Math.max(MIN_PRESSURE, GAIN * debt));
  return {
    penalty: USUAL_PENALTY * Math.exp(pressure),
    margin: 1 + MARGIN_RATE * Math.max(0, pressure - MARGIN_FROM),
    pressure,
  };
}
