import type { FeatureInputs } from '../../monitor/features/inputs.ts';
import type { Anomaly, Evidence } from './anomaly.ts';
import type { AnomalyState } from './anomaly-state.ts';
import { observeEpisodes, type EpisodeChanges } from './episodes.ts';
import { explainedByLoad } from './explained-by-load.ts';
import { observeLadder, type AlarmLadder } from './fleet/alarm-ladder.ts';
import type { FleetAnomalyView } from './fleet/fleet-anomalies.ts';
import { leakEvidence } from './leak-evidence.ts';
import { MINUTE_MS, observeMinute } from './minute-means.ts';
import { createSignalWatch, observeSignal } from './signal-watch.ts';
import { tell } from './tell.ts';
import { SIGNAL, WATCHED_SIGNALS, watchSignals } from './watched-signals.ts';

export interface AnomalyInputs extends FeatureInputs {
  readonly features: Float32Array;
  /** −log10 of the p-value from which a minute counts as unusual; asked for once a minute. */
  readonly threshold: () => number;
  readonly suppressed: boolean;
  readonly suffering: boolean;
  readonly holds: boolean;
  /** Undefined where no fleet is looked at. */
  readonly fleet: FleetAnomalyView | undefined;
}

/** What a tick tells of what is unusual. */
export interface AnomalyReport {
  readonly open: readonly Anomaly[];
  /** What people are to be told now. */
  readonly opened: readonly Anomaly[];
  readonly closed: EpisodeChanges['closed'];
  /** −log10 of the p-values of the minute that has just ended, by signal; empty in between. */
  readonly surprises: readonly SignalSurprise[];
  /** −log10 of the p-value from which a minute counts as unusual; undefined between the minutes. */
  readonly threshold?: number;
  /** For the fleet's view; goes on changing. */
  readonly ladder: AlarmLadder;
}

export interface SignalSurprise {
  readonly signal: string;
  readonly surprise: number;
}

/** Once a tick: gathers what is watched, and judges each minute as soon as it is over. */
export function observeAnomalies(state: AnomalyState, inputs: AnomalyInputs): AnomalyReport {
  const { values, means } = state;
  watchSignals(inputs, inputs.features, values);
  const minute = observeMinute(state.minutes, inputs.now, values, means);
  const judged = minute === undefined ? undefined : judgeMinute(state, minute, inputs);
  const { open, told } = tell(state.episodes.open, inputs.now, inputs.fleet);
  state.episodes = { open };
  return { open, opened: told, closed: [], surprises: [], ladder: state.ladder, ...judged };
}

type Judged = Pick<AnomalyReport, 'closed' | 'surprises' | 'threshold'>;

function judgeMinute(state: AnomalyState, minute: number, inputs: AnomalyInputs): Judged {
  const threshold = inputs.threshold();
  const evidence: Evidence[] = [];
  const surprises: SignalSurprise[] = [];
  for (const [index, signal] of WATCHED_SIGNALS.entries()) {
    const value = state.means[index] ?? NaN;
    if (Number.isNaN(value) && state.signals[index] === undefined) continue;
    const watch = (state.signals[index] ??= createSignalWatch());
    const found = observeSignal(watch, { minute, signal, value, threshold });
    if (!Number.isNaN(found.surprise)) surprises.push({ signal, surprise: found.surprise });
    if (found.evidence !== undefined) evidence.push(found.evidence);
  }
  observeLadder(state.ladder, largest(surprises), MINUTE_MS / 1000);
  const leak = leakEvidence(state.leak, inputs, state.means[SIGNAL.load] ?? NaN);
  if (leak !== undefined) evidence.push(leak);
  const { episodes, closed } = observeEpisodes(
    state.episodes,
    explainedByLoad(evidence, state.episodes.open),
    { ...inputs, now: (minute + 1) * MINUTE_MS, discovery: inputs.fleet?.discovery },
  );
  state.episodes = episodes;
  return { closed, surprises, threshold };
}

/** NaN when nothing was known. */
function largest(surprises: readonly SignalSurprise[]): number {
  return surprises.length === 0 ? NaN : Math.max(...surprises.map(({ surprise }) => surprise));
}
