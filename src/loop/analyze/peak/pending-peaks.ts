import { floatsIn, halvesIn, integersIn, type Arena } from './arena.ts';
import type { SizeOrigin, Swing } from './error-size.ts';
import { fromHalf, toHalf } from './half.ts';
import type { TierSize } from './tier.ts';

/** What a window's forecast was, and what the size of its error was expected from. */
export interface IssuedWindow extends SizeOrigin {
  /** Expected peak less the newest value then, in the unit of demand. */
  rise: number;
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
  /** Upper bound of the up window less the newest value; 0 in one whose outcome is not waited for. */
  boundRise: number;
  readonly up: IssuedWindow;
  readonly hold: IssuedWindow;
}

/** Forecasts that wait for their windows to be complete, and the newest one. */
export interface PendingPeaks {
  /** The newest forecast, and the bin at which it was made; 0 without one. */
  readonly latest: Float32Array;
  latestOrigin: number;
  /** One row, in halves, for each place of those that wait, and the bins at which they were made. */
  readonly rows: Uint16Array;
  readonly origins: Int32Array;
  /** Place of the oldest that waits, and how many wait: those in between follow it in order, round the end. */
  head: number;
  waiting: number;
}

/** Numbers beside the inputs: the step and the bound, five of each window. */
const OTHERS = 12;

export function createPendingPeaks(arena: Arena, { pending, inputs }: TierSize): PendingPeaks {
  const width = inputs + OTHERS;
  return {
    latest: floatsIn(arena, width),
    latestOrigin: 0,
    origins: integersIn(arena, pending),
    rows: halvesIn(arena, pending * width),
    head: 0,
    waiting: 0,
  };
}

export function createIssuedPeak(inputs: number): IssuedPeak {
  const window = (): IssuedWindow => ({ rise: 0, scale: 0, fast: 0, slow: 0, atThisTime: 0 });
  return {
    x: new Float64Array(inputs),
    level: 0,
    newest: 0,
    swing: 0,
    step20: 0,
    step240: 0,
    boundRise: 0,
    up: window(),
    hold: window(),
  };
}

/** Forgets all forecasts: their windows or their demand are no longer what they were. */
export function dropPending(pending: PendingPeaks): void {
  pending.waiting = 0;
  pending.latestOrigin = 0;
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
  while (pending.waiting > 0 && (origins[pending.head] ?? 0) <= origin) {
    const place = pending.head;
    pending.head = (place + 1) % origins.length;
    pending.waiting--;
    if (origins[place] === origin) return place;
  }
  return undefined;
}

interface KeptPeak {
  /** The bin at which the forecast was made. */
  readonly origin: number;
  /** Bins from the origin to the end of the window. */
  readonly reach: number;
  /** At most one in so many bins is kept until its outcome. */
  readonly stride: number;
}

/** Keeps the forecast made at `origin` as the newest. */
export function noteLatest(pending: PendingPeaks, issued: IssuedPeak, origin: number): void {
  write(pending.latest, issued);
  pending.latestOrigin = origin;
}

/**
 * Is the forecast made at `origin` to wait for its outcome? When there is not a place for each bin of so long a reach,
 * some stand for all: neighbouring windows overlap.
 */
export function isToWait(pending: PendingPeaks, { origin, reach, stride: least }: KeptPeak): boolean {
  const { waiting, origins } = pending;
  if (waiting === 0) return true;
  const since = origin - lastOrigin(pending);
  const stride = Math.max(least, Math.ceil((reach + 1) / origins.length));
  return since === 0 || (since >= stride && waiting < origins.length);
}

/** Lets the newest forecast wait for its outcome, in place of another of the same origin. */
export function waitForOutcome(pending: PendingPeaks): void {
  const { origins, latest, latestOrigin: origin, rows } = pending;
  if (pending.waiting === 0 || lastOrigin(pending) !== origin) pending.waiting++;
  const place = placeOf(pending, pending.waiting - 1);
  origins[place] = origin;
  const from = place * latest.length;
  for (let i = 0; i < latest.length; i++) rows[from + i] = toHalf(latest[i] ?? 0);
}

/** Reads the newest forecast, but for what the inputs tell (`swingFromInputs`). @param newest value of its bin */
export function readLatest({ latest }: PendingPeaks, newest: number, issued: IssuedPeak): void {
  read(latest, issued);
  issued.newest = newest;
}

const ROW = new Float32Array(64);

/** The same for one that has waited. */
export function readPeak(
  { latest, rows }: PendingPeaks,
  place: number,
  newest: number,
  issued: IssuedPeak,
): void {
  const width = latest.length;
  for (let i = 0; i < width; i++) ROW[i] = fromHalf(rows[place * width + i] ?? 0);
  read(ROW, issued);
  issued.newest = newest;
}

function read(row: Float32Array, issued: IssuedPeak): void {
  const { x, up, hold } = issued;
  const { length } = x;
  for (let i = 0; i < length; i++) x[i] = row[i] ?? 0;
  issued.step240 = row[length] ?? 0;
  issued.boundRise = row[length + 1] ?? 0;
  readWindow(row, length + 2, up);
  readWindow(row, length + 7, hold);
}

function readWindow(row: Float32Array, at: number, window: IssuedWindow): void {
  window.rise = row[at] ?? 0;
  window.scale = row[at + 1] ?? 0;
  window.fast = row[at + 2] ?? 0;
  window.slow = row[at + 3] ?? 0;
  window.atThisTime = row[at + 4] ?? 0;
}

function write(row: Float32Array, issued: IssuedPeak): void {
  const { x, up, hold } = issued;
  const { length } = x;
  for (let i = 0; i < length; i++) row[i] = x[i] ?? 0;
  row[length] = issued.step240;
  row[length + 1] = issued.boundRise;
  writeWindow(row, length + 2, up);
  writeWindow(row, length + 7, hold);
}

function writeWindow(row: Float32Array, at: number, window: IssuedWindow): void {
  row[at] = window.rise;
  row[at + 1] = window.scale;
  row[at + 2] = window.fast;
  row[at + 3] = window.slow;
  row[at + 4] = window.atThisTime;
}

/** Place of the one that `after` others precede. */
function placeOf({ head, origins }: PendingPeaks, after: number): number {
  return (head + after) % origins.length;
}

/** Only while some wait. */
function lastOrigin(pending: PendingPeaks): number {
  return pending.origins[placeOf(pending, pending.waiting - 1)] ?? 0;
}
