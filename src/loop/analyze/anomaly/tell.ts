import type { Anomaly } from './anomaly.ts';
import type { FleetAnomalyView } from './fleet/fleet-anomalies.ts';

/**
 * Which anomalies people are to be told of now: once all workloads were looked at together, those that are not shared by
 * many of them. Grave are those that would be a discovery among all p-values of the fleet; one in ten thousand
 * is nothing where ten thousand series are watched each minute.
 */
export function tell(
  open: readonly Anomaly[],
  now: number,
  fleet: FleetAnomalyView | undefined,
): { readonly open: readonly Anomaly[]; readonly told: readonly Anomaly[] } {
  const isDue = (anomaly: Anomaly): boolean =>
    anomaly.told ? isLeftBehind(anomaly, fleet) : isLookedAt(anomaly, now, fleet);
  if (!open.some(isDue)) return { open, told: [] };
  const told: Anomaly[] = [];
  const next = open.map((anomaly) => {
    if (!isDue(anomaly)) return anomaly;
    const known = { ...graded(anomaly, fleet), told: true };
    if (!known.fleetWide) told.push(known);
    return known;
  });
  return { open: next, told };
}

/** A fleet that is not surveyed any more keeps nobody waiting. */
const LONGEST_WAIT_MS = 60_000;

function isLookedAt({ openedAt }: Anomaly, now: number, fleet: FleetAnomalyView | undefined): boolean {
  return fleet === undefined || fleet.surveyedAt > openedAt || now - openedAt >= LONGEST_WAIT_MS;
}

/** What was one of the whole fleet is this workload's own when it is over for the others. */
function isLeftBehind({ kind, fleetWide }: Anomaly, fleet: FleetAnomalyView | undefined): boolean {
  return fleetWide && fleet?.fleetWide.includes(familyOf(kind)) === false;
}

/** A spike that lasts is still the one that the fleet had in common. */
function familyOf(kind: Anomaly['kind']): Anomaly['kind'] {
  return kind === 'LevelShift' ? 'Spike' : kind;
}

function graded(anomaly: Anomaly, fleet: FleetAnomalyView | undefined): Anomaly {
  if (fleet === undefined) return anomaly;
  const { kind, signal, surprise, openedAt, attribution } = anomaly;
  const fleetWide = fleet.fleetWide.includes(familyOf(kind));
  const doubtful = anomaly.severity === 'High' && surprise < fleet.discovery;
  const found = fleet.suspects.find((one) => one.signal === signal && one.since === openedAt);
  const behind = attribution && found && { attribution: { ...attribution, suspects: found.suspects } };
  return { ...anomaly, fleetWide, severity: doubtful ? 'Medium' : anomaly.severity, ...behind };
}
