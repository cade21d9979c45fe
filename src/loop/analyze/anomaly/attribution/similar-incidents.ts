import type { AnomalyKind } from '../anomaly.ts';
import type { SimilarAnomaly } from './attribution.ts';

/** What an anomaly looked like when it began: the surprise of each signal. */
export interface Fingerprint {
  readonly kind: AnomalyKind;
  readonly signal: string;
  /** −log10 p by the name of the signal, only what was unusual. */
  readonly surprises: Readonly<Record<string, number>>;
}

/** One that is over. */
export interface PastIncident extends Fingerprint, SimilarAnomaly {}

/** A quarter of a year at one a week, in a few kilobytes. */
const KEPT = 16;
/** Cosine: with less, a signal takes part in one of the two and not in the other. */
const SIMILAR = 0.9;

/** `past`, oldest first, and `incident`; the oldest beyond 16 are forgotten. */
export function rememberIncident(
  past: readonly PastIncident[],
  incident: PastIncident,
): readonly PastIncident[] {
  return [...past, incident].slice(-KEPT);
}

/** The past incident of the same signal that is most like `incident`; the later one of equals. Undefined when none is. */
export function nearestIncident(
  past: readonly PastIncident[],
  incident: Fingerprint,
): PastIncident | undefined {
  let nearest: PastIncident | undefined;
  let largest = SIMILAR;
  for (const one of past) {
    if (one.signal !== incident.signal || familyOf(one.kind) !== familyOf(incident.kind)) continue;
    const similarity = cosine(one.surprises, incident.surprises);
    if (similarity < largest) continue;
    nearest = one;
    largest = similarity;
  }
  return nearest;
}

/** A spike grows into a level shift, and nobody knows when it begins. */
function familyOf(kind: AnomalyKind): AnomalyKind {
  return kind === 'LevelShift' ? 'Spike' : kind;
}

function cosine(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): number {
  let product = 0;
  for (const [signal, surprise] of Object.entries(a)) product += known(surprise) * known(b[signal]);
  const size = length(a) * length(b);
  return size > 0 ? Math.min(1, product / size) : 0;
}

function length(vector: Readonly<Record<string, number>>): number {
  return Math.hypot(...Object.values(vector).map(known));
}

function known(surprise: number | undefined): number {
  return surprise !== undefined && surprise > 0 && surprise < Infinity ? surprise : 0;
}
