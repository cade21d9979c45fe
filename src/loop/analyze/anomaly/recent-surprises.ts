/** How unusual each signal was in the last quarter of an hour, by minute modulo 16. Changed in place. */
export interface RecentSurprises {
  /** −log10 p, negative where the value was below the usual; NaN where nothing is known. One row for each signal. */
  readonly rows: Float32Array;
  /** Since the epoch, of the newest; NaN before the first. */
  minute: number;
}

export const RECENT_MINUTES = 16;

export function createRecentSurprises(signals: number): RecentSurprises {
  return { rows: new Float32Array(signals * RECENT_MINUTES).fill(NaN), minute: NaN };
}

/** Begins a minute in which nothing is known yet, and forgets what is too old. A step back forgets all. */
export function beginMinute(recent: RecentSurprises, minute: number): void {
  const passed = minute - recent.minute;
  recent.minute = minute;
  if (!(passed > 0 && passed < RECENT_MINUTES)) {
    recent.rows.fill(NaN);
    return;
  }
  for (let ago = 0; ago < passed; ago += 1) {
    for (let at = slotOf(minute - ago); at < recent.rows.length; at += RECENT_MINUTES) recent.rows[at] = NaN;
  }
}

export function noteSurprise(recent: RecentSurprises, signal: number, surprise: number): void {
  recent.rows[signal * RECENT_MINUTES + slotOf(recent.minute)] = surprise;
}

/** Of one signal, the oldest minute first and the newest last. */
export function surprisesOf({ rows, minute }: RecentSurprises, signal: number): Float64Array {
  const first = minute - RECENT_MINUTES + 1;
  return Float64Array.from(
    { length: RECENT_MINUTES },
    (_, i) => rows[signal * RECENT_MINUTES + slotOf(first + i)] ?? NaN,
  );
}

/** Whether any signal alone was at least so unusual in one of the last `minutes`. */
export function wasUnusual({ rows, minute }: RecentSurprises, threshold: number, minutes: number): boolean {
  for (let ago = 0; ago < minutes; ago += 1) {
    for (let at = slotOf(minute - ago); at < rows.length; at += RECENT_MINUTES) {
      if (Math.abs(rows[at] ?? NaN) >= threshold) return true;
    }
  }
  return false;
}

function slotOf(minute: number): number {
  return minute % RECENT_MINUTES;
}
