/** What an incident looked like: the surprise of each signal at its height. */
export interface Fingerprint {
  /** Identifies the incident; ms since the epoch of its beginning. */
  readonly id: string;
  readonly at: number;
  /** −log10 p by the name of the signal, only what was unusual. */
  readonly surprises: Readonly<Record<string, number>>;
}

export interface SimilarIncident {
  readonly id: string;
  readonly at: number;
  /** Cosine of the two vectors of surprises, 0 … 1. */
  readonly similarity: number;
}

/** Incidents of a year at one a week, and more than a person would look through. */
const KEPT = 64;
/** So many signals of one incident: the most surprising ones. */
const SIGNALS = 32;

/** Adds `incident` to `past`, oldest first, and forgets the oldest beyond 64. One with the same id is replaced. */
export function rememberIncident(past: Fingerprint[], incident: Fingerprint): void {
  const known = past.findIndex(({ id }) => id === incident.id);
  if (known >= 0) past.splice(known, 1);
  const surprises = Object.entries(incident.surprises)
    .filter(([, surprise]) => surprise > 0 && surprise < Infinity)
    .sort(([, a], [, b]) => b - a)
    .slice(0, SIGNALS);
  past.push({ ...incident, surprises: Object.fromEntries(surprises) });
  if (past.length > KEPT) past.splice(0, past.length - KEPT);
}

/** The past incident most like `incident`, other than itself; the later one of equals. Undefined when none shares a signal. */
export function nearestIncident(
  past: readonly Fingerprint[],
  incident: Fingerprint,
): SimilarIncident | undefined {
  let nearest: SimilarIncident | undefined;
  for (const { id, at, surprises } of past) {
    const similarity = id === incident.id ? 0 : cosine(surprises, incident.surprises);
    if (similarity > 0 && similarity >= (nearest?.similarity ?? 0)) nearest = { id, at, similarity };
  }
  return nearest;
}

function cosine(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): number {
  let product = 0;
  for (const [signal, surprise] of Object.entries(a)) product += surprise * known(b[signal]);
  const size = length(a) * length(b);
  return size > 0 ? Math.min(1, product / size) : 0;
}

function length(vector: Readonly<Record<string, number>>): number {
  return Math.hypot(...Object.values(vector).map(known));
}

function known(surprise: number | undefined): number {
  return surprise !== undefined && surprise > 0 && surprise < Infinity ? surprise : 0;
}
