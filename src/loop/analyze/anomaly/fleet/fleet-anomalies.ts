import type { AnomalyKind } from '../anomaly.ts';
import type { Call } from '../attribution/call-graph.ts';
import { mergeLadders, type AlarmCounts, type AlarmLadder } from './alarm-ladder.ts';
import { discoveryCut } from './false-discovery.ts';
import { createMemberSeries, observeMemberMinute, type MemberMinute } from './member-series.ts';
import { groupOutages, type FleetFinding, type WorkloadFinding } from './outage.ts';
import { nameSuspects, type NamedSuspects, type OpenAnomaly, type SuspectedMember } from './name-suspects.ts';

/** What all workloads together show. Changed in place by its single owner. Times in ms since the epoch. */
export interface FleetAnomalies {
  readonly members: Map<string, Member>;
  /** When all were last looked at together; NaN before. */
  surveyedAt: number;
  counts: AlarmCounts | undefined;
  /** −log10 of the largest p-value that is a discovery among all of the fleet's. */
  discovery: number;
  /** Events of the whole fleet that are not over. */
  fleetWide: readonly FleetFinding<WorkloadFinding>[];
}

interface Member extends SuspectedMember {
  readonly reportedAt: number;
  /** Of its last minute; undefined before the first has ended. */
  readonly ladder: AlarmLadder | undefined;
  /** −log10 of the p-values of its last minute. */
  surprises: readonly number[];
}

/** One workload after its tick. */
export interface MemberAnomalies {
  readonly uid: string;
  readonly namespace: string;
  /** Name of the workload. */
  readonly workload: string;
  /** As of the minute that has just ended; undefined in between. */
  readonly ladder: AlarmLadder | undefined;
  /** −log10 of the p-values of the minute that has just ended; empty in between. */
  readonly surprises: readonly number[];
  readonly open: readonly OpenAnomaly[];
  /** The minute that has just ended; undefined in between. */
  readonly measured: MemberMinute | undefined;
}

/** What the fleet means for one workload. */
export interface FleetAnomalyView {
  readonly surveyedAt: number;
  /** Of the whole fleet; undefined where it is one workload. */
  readonly counts: AlarmCounts | undefined;
  readonly discovery: number;
  /** Kinds that are events of the fleet, this workload among those that show it. */
  readonly fleetWide: readonly AnomalyKind[];
  /** Whom else to look at because of what this workload has open. */
  readonly suspects: readonly NamedSuspects[];
}

/** Share of false ones among the discoveries of one minute: those of a day add up (Benjamini and Hochberg 1995). */
const FALSE_DISCOVERY_RATE = 0.001;
/** A shared cause shows within as long: workloads differ in how fast their detectors are sure. */
const AT_ONCE_MS = 5 * 60_000;
/** Who has not reported for so long says nothing about now. */
const SILENT_MS = 5 * 60_000;
/** Ladders move by weeks, and are summed up for thousands of workloads. */
const COUNT_EVERY_MS = 10 * 60_000;

export function createFleetAnomalies(): FleetAnomalies {
  return {
    members: new Map(),
    surveyedAt: NaN,
    counts: undefined,
    discovery: Infinity,
    fleetWide: [],
  };
}

export function observeMemberAnomalies(
  fleet: FleetAnomalies,
  now: number,
  { uid, namespace, workload, ladder, surprises, open, measured }: MemberAnomalies,
): void {
  const known = fleet.members.get(uid);
  const isSame = known?.workload === workload;
  const series = isSame ? known.series : createMemberSeries();
  if (measured !== undefined) observeMemberMinute(series, measured);
  fleet.members.set(uid, {
    uid,
    reportedAt: now,
    namespace,
    workload,
    ladder: ladder ?? known?.ladder,
    surprises: surprises.length > 0 ? surprises : (known?.surprises ?? []),
    open,
    series,
    suspects: isSame ? known.suspects : [],
  });
}

export function forgetMemberAnomalies(fleet: FleetAnomalies, uid: string): void {
  fleet.members.delete(uid);
}

/**
 * Looks at all workloads together, before each round. Returns the events of the fleet that have begun.
 * @param calls who calls whom in a namespace; empty when nobody knows
 */
export function surveyAnomalies(
  fleet: FleetAnomalies,
  now: number,
  calls: (namespace: string) => readonly Call[] = () => [],
): readonly FleetFinding<WorkloadFinding>[] {
  const before = fleet.fleetWide;
  const present = [...fleet.members.values()].filter(({ reportedAt }) => now - reportedAt < SILENT_MS);
  const counted = Math.floor(fleet.surveyedAt / COUNT_EVERY_MS) === Math.floor(now / COUNT_EVERY_MS);
  // One workload alone knows what it shows itself, to the minute.
  if (present.length < 2) fleet.counts = undefined;
  else if (fleet.counts === undefined || !counted)
    fleet.counts = mergeLadders(present.flatMap(({ ladder }) => ladder ?? []));
  const after = fleet.surveyedAt;
  fleet.surveyedAt = now;
  fleet.discovery = discoverySurprise(present);
  fleet.fleetWide = groupOutages(
    present.flatMap(({ uid, open }) => open.map(({ kind, since }) => ({ workload: uid, kind, since }))),
    { watched: present.length, windowMs: AT_ONCE_MS, leastWorkloads },
  ).fleetWide;
  nameSuspects(present, { after, fleetWide: fleet.fleetWide, calls });
  return fleet.fleetWide.filter(
    ({ kind, since }) => !before.some((event) => event.kind === kind && since - event.since < AT_ONCE_MS),
  );
}

/**
 * Three workloads that fall silent at once have one exporter or one Prometheus in common. Three that are slow at once may be a
 * service and those that call it, which people want to see one by one.
 */
function leastWorkloads(kind: string): number {
  return kind === 'Missing' || kind === 'FlatLine' ? 3 : 10;
}

function discoverySurprise(members: readonly Member[]): number {
  const pValues = Float64Array.from(
    members.flatMap(({ surprises }) => surprises),
    (surprise) => 10 ** -surprise,
  );
  return -Math.log10(discoveryCut(pValues, FALSE_DISCOVERY_RATE));
}

/** Undefined before all were looked at. */
export function fleetAnomalyView(fleet: FleetAnomalies, uid: string): FleetAnomalyView | undefined {
  const { surveyedAt, counts, discovery, fleetWide, members } = fleet;
  if (Number.isNaN(surveyedAt)) return undefined;
  const mine = fleetWide.filter(({ workloads }) => workloads.includes(uid));
  const { suspects = [] } = members.get(uid) ?? {};
  return { surveyedAt, counts, discovery, fleetWide: mine.map(({ kind }) => kind as AnomalyKind), suspects };
}
