import type { PrometheusError, PrometheusErrorCode } from './error.ts';

/** What a query brings upon itself: it is refused, too slow, too large, or no number. */
const OWN_FAULTS: ReadonlySet<PrometheusErrorCode> = new Set([
  'QueryRejected',
  'Timeout',
  'TooLarge',
  'UnusableResult',
]);

/** First pause; one reactive tick, so that a passing fault costs nothing. It doubles with each failure. */
const FIRST_PAUSE_MS = 15_000;
const MAX_PAUSE_MS = 300_000;
/** After this time without a question the query is forgotten: its policy has gone. */
const FORGET_MS = 2 * MAX_PAUSE_MS;

interface Pause {
  readonly failures: number;
  readonly until: number;
  readonly error: PrometheusError;
}

/** Lets queries that keep failing by their own fault rest, each for itself: the others must not pay for them. */
export class QueryPauses {
  readonly #pauses = new Map<string, Pause>();

  /** The error to repeat instead of asking, while `key` rests at `now` (ms). */
  resting(key: string, now: number): PrometheusError | undefined {
    const pause = this.#pauses.get(key);
    if (pause === undefined || now >= pause.until) return undefined;
    const wait = Math.ceil((pause.until - now) / 1000);
    return { ...pause.error, message: `${pause.error.message}; asked again in ${wait} s` };
  }

  /** Reports how asking ended; `error` undefined for success. */
  asked(key: string, now: number, error: PrometheusError | undefined): void {
    for (const [other, pause] of this.#pauses) if (now - pause.until > FORGET_MS) this.#pauses.delete(other);
    if (error === undefined) {
      this.#pauses.delete(key);
    } else if (OWN_FAULTS.has(error.code)) {
      const failures = (this.#pauses.get(key)?.failures ?? 0) + 1;
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), MAX_PAUSE_MS);
      this.#pauses.set(key, { failures, until: now + pause, error });
    }
  }
}
