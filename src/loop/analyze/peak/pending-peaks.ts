import { floatsIn, integersIn, type Arena } from './arena.ts';
import type { SizeOrigin, Swing } from './error-size.ts';
import type { TierSize } from './tier.ts';

/** What a window's forecast was, and what the size of its error was expected from. */
export interface IssuedWindow extends SizeOrigin {
  point: number;
  scale: number;
}

/** A forecast with all that it was made from: written at its origin, read again when its windows are complete. */
export interface IssuedPeak extends Swing {
  /** Inputs of the regression. */
  readonly x: Float64Array;
  level: number;
  newest: number;
  swing: number;
  step20: number;
  step240: number;
  bound: number;
  readonly up: IssuedWindow;
  readonly hold: IssuedWindow;
}

/** Forecasts that wait for their windows to be complete, and the newest one; in single precision. */
export interface PendingPeaks {
  /** One row for each place, and one more for the newest forecast. */
  readonly rows: Float32Array;
  /** The bin at which each was made; 0 when the place is free. */
  readonly origins: Int32Array;
}

/** Numbers beside the inputs: three of demand and its bound, five of each window. */
const OTHERS = 13;

export function createPendingPeaks(arena: Arena, { pending, inputs }: TierSize): PendingPeaks {
  return {
    rows: floatsIn(arena, (pending + 1) * (inputs + OTHERS)),
    origins: integersIn(arena, pending + 1),
  };
}

export function createIssuedPeak(inputs: number): IssuedPeak {
  const window = (): IssuedWindow => ({ point: 0, scale: 0, fast: 0, slow: 0, atThisTime: 0 });
  return {
    x: new Float64Array(inputs),
    level: 0,
    newest: 0,
    swing: 0,
    step20: 0,
    step240: 0,
    bound: 0,
    up: window(),
    hold: window(),
  };
}

/** Forgets all forecasts: their windows or their demand are no longer what they were. */
export function dropPending({ origins }: PendingPeaks): void {
  origins.fill(0);
}

/** Forgets the forecasts made at `bin` and later. */
export function dropPendingSince({ origins }: PendingPeaks, bin: number): void {
  for (let place = 0; place < origins.length; place++) {
    if ((origins[place] ?? 0) >= bin) origins[place] = 0;
  }
}

/**
 * Every how many bins a forecast waits for its outcome: as long windows overlap, some stand for all.
 * @param reach Bins from the origin to the end of the window.
 */
export function strideOf({ origins }: PendingPeaks, reach: number): number {
  return Math.ceil((reach + 1) / (origins.length - 1));
}

/** The place of the forecast made at `origin`; undefined when none waits. */
export function pendingPlace(pending: PendingPeaks, origin: number, stride: number): number | undefined {
  const place = placeOf(pending, origin, stride);
  return place !== undefined && pending.origins[place] === origin ? place : undefined;
}

/** The place of the newest forecast, when it was made at `origin`. */
export function newestPlace({ origins }: PendingPeaks, origin: number): number | undefined {
  const place = origins.length - 1;
  return origins[place] === origin ? place : undefined;
}

/** Keeps the forecast made at `origin` as the newest, and until its outcome if the stride includes it. */
export function keepPeak(
  pending: PendingPeaks,
  issued: IssuedPeak,
  { origin, stride }: { readonly origin: number; readonly stride: number },
): void {
  write(pending, pending.origins.length - 1, origin, issued);
  const place = placeOf(pending, origin, stride);
  if (place !== undefined) write(pending, place, origin, issued);
}

export function freePlace({ origins }: PendingPeaks, place: number): void {
  origins[place] = 0;
}

/** Reads all but what the inputs tell (`swingFromInputs`). */
export function readPeak({ rows }: PendingPeaks, place: number, issued: IssuedPeak): void {
  const { x, up, hold } = issued;
  let at = place * (x.length + OTHERS);
  for (let i = 0; i < x.length; i++) x[i] = numberAt(rows, at++);
  issued.newest = numberAt(rows, at++);
  issued.step240 = numberAt(rows, at++);
  issued.bound = numberAt(rows, at++);
  for (const window of [up, hold]) {
    window.point = numberAt(rows, at++);
    window.scale = numberAt(rows, at++);
    window.fast = numberAt(rows, at++);
    window.slow = numberAt(rows, at++);
    window.atThisTime = numberAt(rows, at++);
  }
}

function numberAt(rows: Float32Array, at: number): number {
  return rows[at] ?? 0;
}

function write({ rows, origins }: PendingPeaks, place: number, origin: number, issued: IssuedPeak): void {
  const { x, up, hold } = issued;
  origins[place] = origin;
  let at = place * (x.length + OTHERS);
  for (const value of x) rows[at++] = value;
  rows[at++] = issued.newest;
  rows[at++] = issued.step240;
  rows[at++] = issued.bound;
  for (const window of [up, hold]) {
    rows[at++] = window.point;
    rows[at++] = window.scale;
    rows[at++] = window.fast;
    rows[at++] = window.slow;
    rows[at++] = window.atThisTime;
  }
}

function placeOf({ origins }: PendingPeaks, origin: number, stride: number): number | undefined {
  const turn = origin / stride;
  if (!Number.isInteger(turn)) return undefined;
  const places = origins.length - 1;
  const place = turn % places;
  return place < 0 ? place + places : place;
}
