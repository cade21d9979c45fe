import { FLAT_WEIGHT } from './fusion.ts';
import { STREAM } from './streams.ts';

/** What an incident is mostly about. */
export type IncidentKind = 'Range' | 'Shift' | 'Shape' | 'Order' | 'Spread' | 'Flat' | 'Several';

export interface IncidentExplanation {
  readonly kind: IncidentKind;
  /** Says what the series does: "lies outside of all its values so far". */
  readonly sentence: string;
  /** −log₁₀ p of that stream. */
  readonly surprise: number;
}

const KINDS: readonly (Omit<IncidentExplanation, 'surprise'> & { readonly stream: number })[] = [
  { stream: STREAM.range, kind: 'Range', sentence: 'lies outside of all its values so far' },
  { stream: STREAM.dayShift, kind: 'Shift', sentence: 'has shifted from what is usual at this time of day' },
  { stream: STREAM.shift, kind: 'Shift', sentence: 'has shifted from its usual level' },
  { stream: STREAM.shape, kind: 'Shape', sentence: 'takes a shape over its last values that is new' },
  { stream: STREAM.novelty, kind: 'Shape', sentence: 'looks over its last hours like no time before' },
  { stream: STREAM.order, kind: 'Order', sentence: 'has levels that follow each other in a new order' },
  { stream: STREAM.hourSpread, kind: 'Spread', sentence: 'varies more than usual' },
  { stream: STREAM.flat, kind: 'Flat', sentence: 'hardly varies any more' },
  { stream: STREAM.likelihood, kind: 'Several', sentence: 'is a little unusual in several ways at once' },
];

/** The stream that counts most in the joined score; undefined while none is surprised. @param surprises by `STREAM` */
export function explainIncident(surprises: Float64Array): IncidentExplanation | undefined {
  let largest: IncidentExplanation | undefined;
  let most = 0;
  for (const { stream, kind, sentence } of KINDS) {
    const surprise = surprises[stream] ?? NaN;
    const counts = stream === STREAM.flat ? FLAT_WEIGHT * surprise : surprise;
    if (!(counts > most)) continue;
    most = counts;
    largest = { kind, sentence, surprise };
  }
  return largest;
}
