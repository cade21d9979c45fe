import type { AnomalyKind } from '../anomaly.ts';
import type { Suspect } from '../attribution/attribution.ts';
import type { Call } from '../attribution/call-graph.ts';
import type { FleetFinding, WorkloadFinding } from './outage.ts';
import { suspectsOf, type Neighbour } from './suspects.ts';

/** Something that a workload has open, and since when it is noticed, ms since the epoch. */
export interface OpenAnomaly {
  readonly kind: AnomalyKind;
  readonly signal: string;
  readonly since: number;
}

/** Who may be behind one of them. */
export interface NamedSuspects {
  readonly signal: string;
  readonly since: number;
  readonly suspects: readonly Suspect[];
}

/** A workload that may have suspects, and be one. */
export interface SuspectedMember extends Neighbour {
  readonly uid: string;
  readonly namespace: string;
  readonly open: readonly OpenAnomaly[];
  suspects: readonly NamedSuspects[];
}

export interface SurveyedAnomalies {
  /** What was noticed later is new, ms since the epoch. */
  readonly after: number;
  /** What all have in common has no cause among them. */
  readonly fleetWide: readonly FleetFinding<WorkloadFinding>[];
  readonly calls: (namespace: string) => readonly Call[];
}

/** So many are looked into at one survey: with fifty neighbours each takes ten milliseconds, for which all decisions wait. */
const MOST_AT_ONCE = 3;

/** Names suspects of each anomaly by which a service suffers and that is new; forgets those of what is over. */
export function nameSuspects(
  members: readonly SuspectedMember[],
  { after, fleetWide, calls }: SurveyedAnomalies,
): void {
  let left = MOST_AT_ONCE;
  for (const member of members) {
    const kept = member.suspects.filter((named) => member.open.some((one) => isOf(named, one)));
    const fresh = member.open.filter(
      ({ kind, since }) => kind === 'Degradation' && since > after && !isShared(fleetWide, kind, member.uid),
    );
    const named = fresh.slice(0, left).map(({ signal, since }) => {
      const others = members.filter((other) => other !== member && other.namespace === member.namespace);
      const suspects = suspectsOf({ target: member, signal, others, calls: calls(member.namespace) });
      return { signal, since, suspects };
    });
    left -= named.length;
    member.suspects = [...kept, ...named];
  }
}

function isOf(named: NamedSuspects, { signal, since }: OpenAnomaly): boolean {
  return named.signal === signal && named.since === since;
}

function isShared(fleetWide: SurveyedAnomalies['fleetWide'], kind: AnomalyKind, uid: string): boolean {
  return fleetWide.some((event) => event.kind === kind && event.workloads.includes(uid));
}
