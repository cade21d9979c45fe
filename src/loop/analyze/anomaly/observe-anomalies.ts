import type { FeatureInputs } from '../../monitor/features/inputs.ts';
import type { Anomaly, Evidence } from './anomaly.ts';
import type { AnomalyState } from './anomaly-state.ts';
import { attribute, rememberClosed } from './attribution/attribute.ts';
import { observeEpisodes, type EpisodeChanges } from './episodes.ts';
import { explainedByLoad } from './explained-by-load.ts';
import { copyLadder, type AlarmLadder } from './fleet/alarm-ladder.ts';
import type { FleetAnomalyView } from './fleet/fleet-anomalies.ts';
import type { MemberMinute } from './fleet/member-series.ts';
import { baselineOf, judgeMinute, type SignalSurprise } from './judge-minute.ts';
import { leakEvidence } from './leak-evidence.ts';
import { MINUTE_MS, observeMinute } from './minute-means.ts';
import { missingEvidence } from './missing-evidence.ts';
import { tell } from './tell.ts';
import { SIGNAL, watchSignals } from './watched-signals.ts';

export interface AnomalyInputs extends FeatureInputs {
  readonly features: Float32Array;
  /** −log10 of the p-value from which a minute counts as unusual; asked for once a minute. */
  readonly threshold: () => number;
  readonly suppressed: boolean;
  readonly suffering: boolean;
  readonly holds: boolean;
  /** Undefined where no fleet is looked at. */
  readonly fleet: FleetAnomalyView | undefined;
  /** What is unusual about the cost of the namespace, where this workload is the one to tell of it. */
  readonly cost: Evidence | undefined;
}

/** What a tick tells of what is unusual. */
export interface AnomalyReport {
  readonly open: readonly Anomaly[];
  /** What people are to be told now. */
  readonly opened: readonly Anomaly[];
  readonly closed: EpisodeChanges['closed'];
  /** −log10 of the p-values of the minute that has just ended, by signal; empty in between. */
  readonly surprises: readonly SignalSurprise[];
  /** The minute that has just ended as the others see it; undefined in between. */
  readonly measured?: MemberMinute;
  /** −log10 of the p-value from which a minute counts as unusual; undefined between the minutes. */
  readonly threshold?: number;
  /** How far it is known what is usual, 0 … 1: before 1 only what is missing or leaks can begin. */
  readonly baseline: number;
  /** For the fleet's view, as it was at the end of the minute; undefined between the minutes. */
  readonly ladder?: AlarmLadder;
}

/** Once a tick: gathers what is watched, and judges each minute as soon as it is over. */
export function observeAnomalies(state: AnomalyState, inputs: AnomalyInputs): AnomalyReport {
  const { values, means } = state;
  watchSignals(inputs, inputs.features, values);
  const minute = observeMinute(state.minutes, inputs.now, values, means);
  // While pods are replaced, what is seen is neither news nor a measure of what is usual; what is open goes on.
  const isUnsettled = inputs.suppressed && state.episodes.open.length === 0;
  const judged = minute === undefined || isUnsettled ? undefined : endOfMinute(state, minute, inputs);
  const { open, told } = tell(state.episodes.open, inputs.now, inputs.fleet);
  state.episodes = { open };
  const idle = { closed: [], surprises: [], baseline: baselineOf(state) };
  return { open, opened: told, ...idle, ...judged };
}

type Judged = Pick<AnomalyReport, 'closed' | 'surprises' | 'measured' | 'threshold' | 'ladder'>;

function endOfMinute(state: AnomalyState, minute: number, inputs: AnomalyInputs): Judged {
  const threshold = inputs.threshold();
  const { evidence, missing, surprises } = judgeMinute(state, minute, threshold);
  const all = [
    ...evidence.map((found) => pacedEvidence(found, inputs.policy.spec.objective?.requests !== undefined)),
    missingEvidence(missing, state.means, inputs),
    leakEvidence(state, inputs, state.means[SIGNAL.load] ?? NaN),
    inputs.cost,
  ].filter((one) => one !== undefined);
  const { episodes, opened, closed } = observeEpisodes(
    state.episodes,
    explainedByLoad(all, state.episodes.open),
    {
      ...inputs,
      now: (minute + 1) * MINUTE_MS,
      noticedAt: inputs.now,
      discovery: inputs.fleet?.discovery,
    },
  );
  state.past = rememberClosed(state.past, closed);
  const open = episodes.open.map((anomaly) =>
    opened.includes(anomaly)
      ? { ...anomaly, attribution: attribute(anomaly, state.recent, state.past) }
      : anomaly,
  );
  state.episodes = { open };
  const measured = measuredOf(state, minute, surprises);
  return { closed, surprises, measured, threshold, ladder: copyLadder(state.ladder) };
}

function measuredOf(state: AnomalyState, minute: number, surprises: readonly SignalSurprise[]): MemberMinute {
  const { means } = state;
  // What the detectors say before they know what is usual is for nobody else.
  const known = baselineOf(state) < 1 ? [] : surprises.map(({ surprise }) => surprise);
  const at = (signal: keyof typeof SIGNAL): number => means[SIGNAL[signal]] ?? NaN;
  return {
    minute,
    values: { load: at('load'), latency: at('latency'), errors: at('errors') },
    surprise: known.length === 0 ? NaN : Math.max(...known),
  };
}

/** Where bad requests have a price, the plan has foreseen and paid for some of them. */
function pacedEvidence(found: Evidence, paced: boolean): Evidence {
  return paced && found.signal === 'errors' ? { ...found, mayHold: false } : found;
}
