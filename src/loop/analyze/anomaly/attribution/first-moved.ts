import { MINUTE_MS } from '../minute-means.ts';
import { RECENT_MINUTES, surprisesOf, type RecentSurprises } from '../recent-surprises.ts';
import { HARMFUL, SIGNAL, WATCHED_SIGNALS, type WatchedSignal } from '../watched-signals.ts';
import type { FirstMoved } from './attribution.ts';
import { onset } from './lead-lag.ts';

/** p of 1e-3: of eight signals in a quarter of an hour, one is that unusual by chance in one of eight. */
const MOVED = 3;
/** p of 1e-2: from there on it belongs to what was that unusual. */
const BEGUN = 2;

/**
 * Which other signal moved before the anomaly's own did, within the quarter of an hour that is known; the earliest.
 * @param since when the anomaly began, ms since the epoch
 */
export function firstMoved(
  recent: RecentSurprises,
  { signal, since }: { readonly signal: string; readonly since: number },
): FirstMoved | undefined {
  const firstMinute = recent.minute - RECENT_MINUTES + 1;
  const own = isWatched(signal) ? beganAt(recent, signal) : NaN;
  const noticed = Math.ceil(since / MINUTE_MS) - 1 - firstMinute;
  const began = Number.isNaN(own) ? noticed : Math.min(own, noticed);
  let first: FirstMoved | undefined;
  for (const other of WATCHED_SIGNALS) {
    const index = other === signal ? NaN : beganAt(recent, other);
    // What is unusual since longer than is known began nobody knows when.
    if (!(index > 0 && index < began)) continue;
    const at = (firstMinute + index) * MINUTE_MS;
    if (first === undefined || at < first.at)
      first = { signal: other, at, leadMs: (began - index) * MINUTE_MS };
  }
  return first;
}

/** Index of the minute in which the signal began to be unusual; NaN when it is not, and when it is good news. */
function beganAt(recent: RecentSurprises, signal: WatchedSignal): number {
  const surprises = surprisesOf(recent, SIGNAL[signal]).map((surprise) =>
    HARMFUL.has(signal) ? surprise : Math.abs(surprise),
  );
  const moved = surprises.findIndex((surprise) => surprise >= MOVED);
  return moved < 0 ? NaN : onset(surprises, moved, BEGUN);
}

function isWatched(signal: string): signal is WatchedSignal {
  return Object.hasOwn(SIGNAL, signal);
}

const FINGERPRINT_MINUTES = 5;

/** What is unusual now: the largest of the last minutes by signal, `-load` for a load below the usual. */
export function fingerprint(recent: RecentSurprises): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [index, signal] of WATCHED_SIGNALS.entries()) {
    let largest = 0;
    for (const surprise of surprisesOf(recent, index).subarray(-FINGERPRINT_MINUTES)) {
      if (Math.abs(surprise) > Math.abs(largest)) largest = surprise;
    }
    if (Math.abs(largest) >= BEGUN) found[largest < 0 ? `-${signal}` : signal] = Math.abs(largest);
  }
  return found;
}
