import { MAX_SUSPECTS } from '../../../../api/status/anomaly.ts';
import { SUSPECTED_SIGNALS, type Suspect, type SuspectedSignal } from '../attribution/attribution.ts';
import type { Call } from '../attribution/call-graph.ts';
import type { ComponentSignal, SignalKind } from '../attribution/deviation.ts';
import { leadLag } from '../attribution/lead-lag.ts';
import { rankRootCauses, type ComponentSeries, type RootCause } from '../attribution/root-cause.ts';
import { MINUTE_MS } from '../minute-means.ts';
import { largestSurprise, memberSignal, SERIES_MINUTES, type MemberSeries } from './member-series.ts';

/** A workload of the namespace, by the name that calls have. */
export interface Neighbour {
  readonly workload: string;
  readonly series: MemberSeries;
}

export interface SuspectSearch {
  /** The workload with the anomaly, and its signal: `latency`, `errors` or `queue`. */
  readonly target: Neighbour;
  readonly signal: string;
  readonly others: readonly Neighbour[];
  /** Who calls whom in the namespace; empty when nobody knows. */
  readonly calls: readonly Call[];
}

/** So many are compared, the most unusual: for what an opened anomaly may cost. */
const MAX_COMPARED = 50;
/** The newest part of the hour; the rest says what is usual. */
const RECENT = 15;
/** Minutes in which the anomaly shows when it is noticed. */
const SHOWN = 3;
/** p of 1e-2 by its own detectors, which know its days: others are not looked at. */
const UNUSUAL = 2;
/** p of 1e-3 in the hour: with three signals of fifty workloads, p of 1e-2 always is somewhere. */
const SUSPECT = 3;
/** Of the changes of both: two that only happen to be unusual at the same time do not move together. */
const TOGETHER = 0.4;

const KIND: Readonly<Record<SuspectedSignal, SignalKind>> = {
  load: 'Requests',
  latency: 'Latency',
  errors: 'Errors',
};
const SIGNAL_OF: Readonly<Record<SignalKind, SuspectedSignal>> = {
  Requests: 'load',
  Latency: 'latency',
  Errors: 'errors',
};

/**
 * Other workloads that may be the cause of an anomaly that has just begun, at most three: unusual themselves, not later than
 * it, and either known to be called (of a load: to call) or moving with it.
 */
export function suspectsOf({ target, signal, others, calls }: SuspectSearch): readonly Suspect[] {
  const { minute } = target.series;
  const compared = mostUnusual(others, minute);
  if (compared.length === 0) return [];
  const shown = signal === 'errors' ? 'errors' : 'latency';
  const causes = rankRootCauses({
    components: [target, ...compared].map((neighbour) => componentOf(neighbour, minute)),
    calls,
    target: { component: target.workload, kind: KIND[shown] },
    from: RECENT - SHOWN,
    to: RECENT,
  });
  const series = new Map(compared.map((neighbour) => [neighbour.workload, neighbour.series]));
  const symptom = memberSignal(target.series, shown, minute);
  const suspects: Suspect[] = [];
  for (const cause of causes) {
    const own = series.get(cause.component);
    if (own === undefined) continue;
    const lead = leadOf(cause);
    const path = pathOf(cause, target.workload, calls);
    if (!isPlausible(cause, lead, path)) continue;
    const found = SIGNAL_OF[cause.kind];
    if (path === undefined && !moveTogether(memberSignal(own, found, minute), symptom)) continue;
    const at = (minute - RECENT + 1 + cause.onset) * MINUTE_MS;
    suspects.push({ workload: cause.component, signal: found, at, leadMs: lead * MINUTE_MS, path });
    if (suspects.length === MAX_SUSPECTS) break;
  }
  return suspects;
}

function mostUnusual(others: readonly Neighbour[], minute: number): readonly Neighbour[] {
  return others
    .map((neighbour) => ({ neighbour, surprise: largestSurprise(neighbour.series, minute, RECENT) }))
    .filter(({ surprise }) => surprise >= UNUSUAL)
    .sort((a, b) => b.surprise - a.surprise)
    .slice(0, MAX_COMPARED)
    .map(({ neighbour }) => neighbour);
}

function componentOf({ workload, series }: Neighbour, minute: number): ComponentSeries {
  const signals = SUSPECTED_SIGNALS.map((signal): ComponentSignal => {
    const hour = memberSignal(series, signal, minute);
    const split = SERIES_MINUTES - RECENT;
    return { kind: KIND[signal], normal: hour.subarray(0, split), recent: hour.subarray(split) };
  });
  return { id: workload, measuredBy: 'Itself', signals };
}

/** Minutes; by when the anomaly was noticed where the hour does not tell when it began. */
function leadOf({ lead, onset }: RootCause): number {
  return Number.isNaN(lead) ? RECENT - 1 - onset : lead;
}

/** Of a load, that of a caller; of anything else, of what is called. */
function pathOf(
  { kind, path, component }: RootCause,
  target: string,
  calls: readonly Call[],
): Suspect['path'] {
  if (kind !== 'Requests') return path;
  return calls.some(({ caller, callee }) => caller === component && callee === target)
    ? [component, target]
    : undefined;
}

/**
 * What is called may be noticed a minute later. A load that rises everywhere at once is what all have in common, and a minute
 * before may be chance: with an hour to compare with, one minute in fifty seems unusual.
 */
function isPlausible({ kind, surprise, onset }: RootCause, lead: number, path: Suspect['path']): boolean {
  if (!(surprise >= SUSPECT) || Number.isNaN(onset)) return false;
  if (path !== undefined) return lead >= -1;
  return lead >= (kind === 'Requests' ? 2 : 0);
}

/** Where the target's own series is not known, as that of a queue, nothing speaks against it. */
function moveTogether(suspect: Float64Array, target: Float64Array): boolean {
  if (!target.some(Number.isFinite)) return true;
  const found = leadLag(suspect, target, RECENT);
  return found !== undefined && found.lag >= 0 && Math.abs(found.correlation) >= TOGETHER;
}
