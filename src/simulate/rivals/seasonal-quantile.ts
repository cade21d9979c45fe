import { createSortedRing, ringAdd, ringQuantile, type SortedRing } from './sorted-ring.ts';

const SLOT_MS = 60_000;
const SLOTS_PER_DAY = 1440;
/** Days that the median looks back; a week, so that its weekend never outvotes the working days. */
const DAYS = 7;
/** Days of residuals that the conformal quantile rests on. */
const RESIDUAL_DAYS = 7;

/**
 * Upper bound of the load at a time of day: the median of the same minute on the previous days, and on top the
 * quantile of what such medians were wrong by lately (split conformal prediction: Vovk et al., 2005; Lei et al., JASA
 * 2018). A minute is described by the largest value seen in it.
 */
export class SeasonalQuantile {
  /** Ring of the minutes of the last days by minute since the epoch; NaN where nothing was measured. */
  readonly #minutes = new Float32Array((DAYS + 1) * SLOTS_PER_DAY).fill(NaN);
  readonly #residuals: SortedRing = createSortedRing(RESIDUAL_DAYS * SLOTS_PER_DAY);
  readonly #days = new Float32Array(DAYS);
  #current = -Infinity;

  /** `at` in ms since the epoch, not falling from call to call. */
  add(at: number, value: number): void {
    const minute = Math.floor(at / SLOT_MS);
    if (minute > this.#current) this.#advance(minute);
    const place = minute % this.#minutes.length;
    const known = this.#minutes[place] ?? NaN;
    this.#minutes[place] = Number.isNaN(known) ? value : Math.max(known, value);
  }

  /** Largest bound over the minutes from `from` to `to`; undefined before any such minute was seen on another day. */
  upper(from: number, to: number, level: number): number | undefined {
    let largest: number | undefined;
    for (let minute = Math.floor(from / SLOT_MS); minute <= Math.floor(to / SLOT_MS); minute += 1) {
      const median = this.#median(minute);
      if (median !== undefined && median > (largest ?? -Infinity)) largest = median;
    }
    if (largest === undefined || this.#residuals.count === 0) return undefined;
    return Math.max(0, largest + ringQuantile(this.#residuals, level));
  }

  #advance(minute: number): void {
    const last = this.#minutes[this.#current % this.#minutes.length] ?? NaN;
    const expected = this.#median(this.#current);
    if (!Number.isNaN(last) && expected !== undefined) ringAdd(this.#residuals, last - expected);
    const steps = Math.min(minute - this.#current, this.#minutes.length);
    for (let i = 0; i < steps; i += 1) this.#minutes[(minute - i) % this.#minutes.length] = NaN;
    this.#current = minute;
  }

  #median(minute: number): number | undefined {
    let count = 0;
    for (let day = 1; day <= DAYS; day += 1) {
      const before = minute - day * SLOTS_PER_DAY;
      // Older than a full turn of the ring, or not over yet: the place belongs to another minute.
      if (before <= this.#current - this.#minutes.length || before >= this.#current) continue;
      const value = this.#minutes[before % this.#minutes.length] ?? NaN;
      if (!Number.isNaN(value)) this.#days[count++] = value;
    }
    if (count === 0) return undefined;
    const sorted = this.#days.subarray(0, count).sort();
    return ((sorted[(count - 1) >> 1] ?? 0) + (sorted[count >> 1] ?? 0)) / 2;
  }
}
