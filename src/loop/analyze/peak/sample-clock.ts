import { BIN_SECONDS } from './bins.ts';

export const BIN_MS = BIN_SECONDS * 1000;

/**
 * From the times of samples to bins. Samples come about every 15 s with jitter, or every 30 s or minute, late or twice.
 */
export interface SampleClock {
  /** Own times of the oldest and the newest sample, ms; NaN before the first. */
  firstAt: number;
  newestAt: number;
  /** Where in a bin's time samples usually come, −0.5 … 0.5 bins: jitter around a boundary must not empty bins. */
  phase: number;
  /** Bins between two samples, as usual and between the last two. */
  cadence: number;
  lastGap: number;
  /** Samples in the newest bin, and all so far. */
  inNewest: number;
  samples: number;
}

/** A cadence above five minutes is no rhythm of a control loop. */
const MAX_CADENCE_BINS = 20;
const CADENCE_RATE = 0.25;
const PHASE_RATE = 0.05;

export function createSampleClock(): SampleClock {
  return { firstAt: NaN, newestAt: NaN, phase: 0, cadence: 1, lastGap: 1, inNewest: 0, samples: 0 };
}

/** The bin that a sample describes, whose time ends with it. */
export function binOfSample(clock: SampleClock, at: number): number {
  const position = at / BIN_MS;
  if (Number.isNaN(clock.newestAt)) clock.phase = position - Math.round(position);
  return Math.round(position - clock.phase) - 1;
}

/** Takes note of a sample that is `gap` bins later than the one before. */
export function noteSample(clock: SampleClock, at: number, gap: number): void {
  if (gap >= 1 && gap <= MAX_CADENCE_BINS) {
    // A single missed sample is no new cadence: two gaps in a row are.
    clock.cadence += CADENCE_RATE * (Math.min(gap, clock.lastGap) - clock.cadence);
    clock.lastGap = gap;
  }
  const off = at / BIN_MS - clock.phase;
  const phase = clock.phase + PHASE_RATE * (off - Math.round(off));
  clock.phase = Math.min(0.5, Math.max(-0.5, phase));
  if (Number.isNaN(clock.firstAt)) clock.firstAt = at;
  clock.newestAt = at;
  clock.inNewest = 1;
  clock.samples++;
}

/** So many bins between two samples belong to the usual rhythm, and are not a gap in what is known. */
export function usualGap({ cadence }: SampleClock): number {
  return Math.max(2, Math.round(1.5 * cadence));
}
