/**
 * The price of a slow request, paced by the objective's measured budget: an integral controller on the logarithm of
 * the price, as bids are paced to a budget in auctions (Balseiro and Gur, Management Science 2019) and multipliers
 * follow constraints in online optimisation (Mahdavi et al., JMLR 2012). Forecasts may be wrong in any way: what
 * counts is which requests were slow.
 */
export interface BudgetPacing {
  /** Days of budget spent too much (positive) or too little. */
  debt: number;
  /** Requests in one decision's time, exponentially weighted over a day; a running mean before. */
  meanRequests: number;
  /** Counters as last read; NaN before the first reading. */
  requests: number;
  slowRequests: number;
  /** Decisions so far, that of the last reading, and how many of them `meanRequests` is made of. */
  decisions: number;
  readAt: number;
  counted: number;
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

const DECISIONS_PER_DAY = 5760;

/** Slow requests of the first half day are not counted: nothing was known yet, and the debt would be repaid for days. */
const GRACE_DECISIONS = DECISIONS_PER_DAY / 2;

/** The objective aimed at, as a part of the promised one: room for the swing of the controller itself. */
const TARGET_SHARE = 0.92;

/** z per day of budget. Half and twice as much both cost more on measured traces. */
const GAIN = 2;

/** Λ between 15·e⁻³ = 0.75 and 15·e⁶ = 6,050. */
const MIN_PRESSURE = -3;
const MAX_PRESSURE = 6;
const USUAL_PENALTY = 15;

/**
 * Under lasting pressure demand is counted larger: a wrong capacity per replica cannot be mended by any price, for
 * the model believes that all is well.
 */
const MARGIN_FROM = 1.5;
const MARGIN_RATE = 0.1;

export function createBudgetPacing(): BudgetPacing {
  return { debt: 0, meanRequests: 0, requests: NaN, slowRequests: NaN, decisions: 0, readAt: 0, counted: 0 };
}

/**
 * Takes in the counters at one decision, `undefined` when they are unknown: then the debt stays, and the next reading
 * brings what was missed. Counters that ran backwards began anew.
 * @param slowShare V*: accepted share of slow requests, 0 … 1.
 */
export function paceBudget(
  pacing: BudgetPacing,
  counters: RequestCounters | undefined,
  slowShare: number,
): void {
  pacing.decisions++;
  if (counters === undefined) return;
  const requests = counters.requests - pacing.requests;
  const slow = counters.slowRequests - pacing.slowRequests;
  const elapsed = pacing.decisions - pacing.readAt;
  pacing.requests = counters.requests;
  pacing.slowRequests = counters.slowRequests;
  pacing.readAt = pacing.decisions;
  // Also true for the first reading.
  if (!(requests >= 0 && slow >= 0 && requests < Infinity && slow < Infinity)) return;
  pacing.counted += elapsed;
  const rate = elapsed / Math.max(elapsed, Math.min(pacing.counted, DECISIONS_PER_DAY));
  pacing.meanRequests += rate * (requests / elapsed - pacing.meanRequests);
  if (pacing.decisions <= GRACE_DECISIONS || pacing.meanRequests === 0) return;
  const dailyBudget = slowShare * pacing.meanRequests * DECISIONS_PER_DAY;
  const debt = pacing.debt + (slow - TARGET_SHARE * slowShare * requests) / dailyBudget;
  // Beyond the ends of the price a debt would only delay the way back.
  pacing.debt = Math.min(MAX_PRESSURE / GAIN, Math.max(MIN_PRESSURE / GAIN, debt));
}

export function priceOf({ debt }: BudgetPacing): Price {
  const pressure = Math.min(MAX_PRESSURE, Math.max(MIN_PRESSURE, GAIN * debt));
  return {
    penalty: USUAL_PENALTY * Math.exp(pressure),
    margin: 1 + MARGIN_RATE * Math.max(0, pressure - MARGIN_FROM),
    pressure,
  };
}
