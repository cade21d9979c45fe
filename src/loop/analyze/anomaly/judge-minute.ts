import type { AnomalyState } from './anomaly-state.ts';
import type { Evidence } from './anomaly.ts';
import {
  behaviourEvidence,
  createBehaviour,
  LEAST_SIGNALS,
  observeBehaviour,
  SMOOTHED_MINUTES,
} from './behaviour.ts';
import { degradationEvidence } from './degradation-evidence.ts';
import { observeLadder } from './fleet/alarm-ladder.ts';
import { kpiDeviation } from './kpi/kpi-detector.ts';
import { MINUTE_MS } from './minute-means.ts';
import type { MissingSignal } from './missing-evidence.ts';
import { beginMinute, noteSurprise, wasUnusual } from './recent-surprises.ts';
import { BASELINE_MINUTES, createSignalWatch, hasBaseline, observeSignal } from './signal-watch.ts';
import { WATCHED_SIGNALS } from './watched-signals.ts';

export interface SignalSurprise {
  readonly signal: string;
  readonly surprise: number;
}

export interface JudgedMinute {
  readonly evidence: readonly Evidence[];
  readonly missing: readonly MissingSignal[];
  /** −log10 of the p-values, of the signals that are known. */
  readonly surprises: readonly SignalSurprise[];
}

/**
 * Judges a minute of all signals, whose means and newest values are in the state, by the minutes before it; then learns it.
 * @param threshold −log10 of the p-value from which a minute counts as unusual
 */
export function judgeMinute(state: AnomalyState, minute: number, threshold: number): JudgedMinute {
  const { evidence, surprises, missing } = judgeSignals(state, minute, threshold);
  const wide = together(state, surprises);
  observeLadder(
    state.ladder,
    largest([...surprises.map(({ surprise }) => surprise), wide]),
    MINUTE_MS / 1000,
  );
  const slow = degradationEvidence(state, threshold);
  if (slow !== undefined) evidence.push(slow);
  const isOfAll = evidence.length === 0 && baselineOf(state) === 1 && !isOfOne(state, threshold);
  const all = isOfAll ? behaviourEvidence(wide, surprises, threshold) : undefined;
  if (all !== undefined) evidence.push(all);
  return { evidence, missing, surprises };
}

/** What one signal shows alone is told by its own name, or not at all: that it comes back is no news. */
function isOfOne({ recent }: AnomalyState, threshold: number): boolean {
  return wasUnusual(recent, threshold, SMOOTHED_MINUTES);
}

/** How unusual it is what all signals show together; NaN for one alone. */
function together(state: AnomalyState, surprises: readonly SignalSurprise[]): number {
  if (surprises.length < LEAST_SIGNALS) return NaN;
  state.behaviour ??= createBehaviour();
  return observeBehaviour(state.behaviour, surprises);
}

interface JudgedSignals {
  readonly evidence: Evidence[];
  readonly surprises: SignalSurprise[];
  readonly missing: MissingSignal[];
}

function judgeSignals(state: AnomalyState, minute: number, threshold: number): JudgedSignals {
  beginMinute(state.recent, minute);
  const seen: JudgedSignals = { evidence: [], surprises: [], missing: [] };
  for (const [index, signal] of WATCHED_SIGNALS.entries()) {
    const value = state.means[index] ?? NaN;
    if (Number.isNaN(value) && state.signals[index] === undefined) continue;
    const watch = (state.signals[index] ??= createSignalWatch());
    const newest = state.values[index] ?? NaN;
    const ofSignal = { minute, signal, value, newest, threshold };
    const { surprise, evidence, missing } = observeSignal(watch, ofSignal);
    if (hasBaseline(watch))
      noteSurprise(state.recent, index, kpiDeviation(watch.kpi) < 0 ? -surprise : surprise);
    if (!Number.isNaN(surprise)) seen.surprises.push({ signal, surprise });
    if (missing !== undefined) seen.missing.push({ signal, ...missing });
    seen.evidence.push(...evidence);
  }
  return seen;
}

/** NaN when nothing was known. */
function largest(surprises: readonly number[]): number {
  const known = surprises.filter((surprise) => !Number.isNaN(surprise));
  return known.length === 0 ? NaN : Math.max(...known);
}

/** Share of a day that is known of the signal that is known best, 0 … 1. */
export function baselineOf({ signals }: AnomalyState): number {
  const minutes = Math.max(0, ...signals.map((watch) => watch?.kpi.count ?? 0));
  return Math.min(1, minutes / BASELINE_MINUTES);
}
