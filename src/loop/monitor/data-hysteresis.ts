/**
 * Whether the data may be believed again. Data that come and go (every other query fails) must not open the door to a
 * decrease with each good moment between two bad ones, and after a blackout the first values are those of caches that
 * fill and of rates that begin.
 */
export interface DataHysteresis {
  /** Good evaluations in a row, counted up to `GOOD_IN_A_ROW`. */
  goodInARow: number;
  /** Since when demand has been known without a blackout, ms; NaN before it ever was. */
  knownSince: number;
  /** The last good evaluation, ms; NaN before the first. */
  lastGoodAt: number;
  /** Of the demand series that came with one. */
  histories: readonly SeriesHistory[];
}

/** Since when the history of a demand series has no blackout, ms. */
interface SeriesHistory {
  /** Of the series. */
  readonly key: string;
  since: number;
}

/** Three good evaluations in a row end a doubt (reliability: F39). */
export const GOOD_IN_A_ROW = 3;

/** Prometheus' own look-back: a series that is silent for longer is gone, and what comes next begins anew. */
export const BLACKOUT_MS = 300_000;

/** Nothing bad has been seen yet: there is nothing to recover from. */
export function createDataHysteresis(): DataHysteresis {
  return { goodInARow: GOOD_IN_A_ROW, knownSince: NaN, lastGoodAt: NaN, histories: [] };
}

/** `good`: every metric was fresh and covered the pods, the proof that a decrease needs. */
export function observeData(data: DataHysteresis, now: number, good: boolean): void {
  if (!good) {
    data.goodInARow = 0;
    return;
  }
  data.goodInARow = Math.min(GOOD_IN_A_ROW, data.goodInARow + 1);
  // Also true before the first one.
  if (!(now - data.lastGoodAt <= BLACKOUT_MS)) data.knownSince = now;
  data.lastGoodAt = now;
}

/**
 * A history of one demand series that reaches up to now, without a blackout between `since` and `until`. It counts once every series
 * of the policy has one: what one of them knows does not speak for another.
 */
export function learnHistory(
  data: DataHysteresis,
  history: { readonly key: string; readonly since: number; readonly until: number },
  keys: readonly string[],
): void {
  const { histories } = data;
  const { key, since: knownSince } = history;
  const noted = histories.find((each) => each.key === key);
  if (noted === undefined) data.histories = [...histories, { key, since: knownSince }];
  else noted.since = knownSince;
  const known = keys.map((wanted) => data.histories.find((each) => each.key === wanted)?.since ?? NaN);
  const since = Math.max(...known);
  if (Number.isNaN(since)) return;
  if (Number.isNaN(data.lastGoodAt)) data.lastGoodAt = history.until;
  data.knownSince = Number.isNaN(data.knownSince) ? since : Math.min(data.knownSince, since);
}

/** Since when a history on an even grid has no blackout, ms; undefined when its end is one. */
export function knownWithoutBlackout(
  {
    startMs,
    stepMs,
    values,
  }: { readonly startMs: number; readonly stepMs: number; readonly values: Float64Array },
  now: number,
): number | undefined {
  let since: number | undefined;
  for (let i = values.length - 1; i >= 0; i -= 1) {
    if (Number.isNaN(values[i] ?? NaN)) continue;
    const at = startMs + i * stepMs;
    if ((since ?? now) - at > BLACKOUT_MS + stepMs) break;
    since = Math.min(at, now);
  }
  return since;
}

/** After a clock stepped back, what was noted in its future counts as noted just now. */
export function turnHysteresisBack(data: DataHysteresis, now: number): void {
  if (data.knownSince > now) data.knownSince = now;
  if (data.lastGoodAt > now) data.lastGoodAt = now;
}
