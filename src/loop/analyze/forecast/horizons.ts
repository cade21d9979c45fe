/**
 * What is learned for itself, and what is interpolated in between.
 *
 * Errors of a maximum over 15 minutes are not those over one, so each window length has its own experts,
 * offsets and scores. A start-up time that is learned may change at any moment: with fixed windows nothing has
 * to be learned again then; a lead in between takes its season from the exact window and its errors from the two
 * neighbours.
 */
export const WINDOW_MINUTES = [1, 2, 5, 15, 60] as const;

/**
 * How often each of them issues a forecast to learn from. Neighbouring windows of an hour share nearly all their
 * minutes; seven has no factor with 60, so that no minute of the hour is left out.
 */
export const STRIDE_MINUTES = [1, 1, 1, 1, 7] as const;

export const MAX_LEAD_SECONDS = 3600;

/** Levels whose quantiles are learned; between them the quantile is interpolated. */
export const LEVELS = [0.5, 0.8, 0.9, 0.95, 0.975, 0.99] as const;

/** The two learned windows around a lead, and how far it lies towards the upper one (0 … 1). */
export interface Blend {
  readonly lower: number;
  readonly upper: number;
  readonly share: number;
}

export function blendOf(minutes: number): Blend {
  const last = WINDOW_MINUTES.length - 1;
  const next = WINDOW_MINUTES.findIndex((window) => window >= minutes);
  const upper = next < 0 ? last : next;
  const low = WINDOW_MINUTES[upper - 1] ?? 0;
  const high = WINDOW_MINUTES[upper] ?? 0;
  if (upper === 0 || minutes >= high) return { lower: upper, upper, share: 0 };
  return { lower: upper - 1, upper, share: (minutes - low) / (high - low) };
}

/** Value at `level` of a quantile function known at `LEVELS`: linear in between, flat outside. */
export function quantileAt(quantiles: ArrayLike<number>, level: number): number {
  const last = LEVELS.length - 1;
  if (level >= (LEVELS[last] ?? 1)) return quantiles[last] ?? NaN;
  for (let i = 1; i <= last; i++) {
    const high = LEVELS[i] ?? 1;
    if (level > high) continue;
    const low = LEVELS[i - 1] ?? 0;
    const from = quantiles[i - 1] ?? NaN;
    const share = Math.max(0, (level - low) / (high - low));
    const to = quantiles[i] ?? NaN;
    // Not above its end by a rounding error: the next level may have the very same quantile.
    return Math.min(to, from + share * (to - from));
  }
  return NaN;
}
