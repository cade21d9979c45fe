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
  /** The bin at which each was made. */
  readonly origins: Int32Array;
  /** Place of the oldest that waits, and how many wait: those in between follow it in order, round the end. */
  head: number;
  waiting: number;
}

/** Numbers beside the inputs: three of demand and its bound, five of each window. */
const OTHERS = 13;

export function createPendingPeaks(arena: Arena, { pending, inputs }: TierSize): PendingPeaks {
  return {
    rows: floatsIn(arena, (pending + 1) * (inputs + OTHERS)),
    origins: integersIn(arena, pending + 1),
    head: 0,
    waiting: 0,
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
export function dropPending(pending: PendingPeaks): void {
  pending.waiting = 0;
  pending.origins[pending.origins.length - 1] = 0;
}

/** Forgets the forecasts made at `bin` and later. */
export function dropPendingSince(pending: PendingPeaks, bin: number): void {
  while (pending.waiting > 0 && lastOrigin(pending) >= bin) pending.waiting--;
}

/**
 * Takes out the forecast made at `origin` and returns its place, valid until the next is kept; undefined when none
 * waits. Older ones are forgotten: what they were about has passed unseen.
 */
export function takePeak(pending: PendingPeaks, origin: number): number | undefined {
  const { origins } = pending;
  const places = origins.length - 1;
  while (pending.waiting > 0 && (origins[pending.head] ?? 0) <= origin) {
    const place = pending.head;
    pending.head = (place + 1) % places;
    pending.waiting--;
    if (origins[place] === origin) return place;
  }
  return undefined;
}

/** The place of the newest forecast, when it was made at `origin`. */
export function newestPlace({ origins }: PendingPeaks, origin: number): number | undefined {
  const place = origins.length - 1;
  return origins[place] === origin ? place : undefined;
}

/**
 * Keeps the forecast made at `origin` as the newest, in place of another of the same origin, and until its outcome. When
 * there is not a place for each bin of so long a reach, some stand for all: neighbouring windows overlap.
 * @param reach Bins from the origin to the end of the window.
 */
export function keepPeak(
  pending: PendingPeaks,
  issued: IssuedPeak,
  { origin, reach }: { readonly origin: number; readonly reach: number },
): void {
  const places = pending.origins.length - 1;
  write(pending, places, origin, issued);
  const stride = Math.ceil((reach + 1) / places);
  const since = pending.waiting === 0 ? stride : origin - lastOrigin(pending);
  if (since === 0) write(pending, placeOf(pending, pending.waiting - 1), origin, issued);
  if (since < stride || pending.waiting === places) return;
  write(pending, placeOf(pending, pending.waiting++), origin, issued);
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

/** Place of the one that `after` others precede. */
function placeOf({ head, origins }: PendingPeaks, after: number): number {
  return (head + after) % (origins.length - 1);
}

/** Only while some wait. */
function lastOrigin(pending: PendingPeaks): number {
  return pending.origins[placeOf(pending, pending.waiting - 1)] ?? 0;
}
