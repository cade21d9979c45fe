/** Something found at one workload. */
export interface WorkloadFinding {
  readonly workload: string;
  /** What kind of thing, as `missing` or `spike`: only the same kind is one event. */
  readonly kind: string;
  /** When it began, ms since the epoch. */
  readonly since: number;
}

/** The same at so many workloads at the same time that it is one thing: an outage of the metrics, or of what all share. */
export interface FleetFinding<Finding extends WorkloadFinding> {
  readonly kind: string;
  /** When the first of them began. */
  readonly since: number;
  /** Distinct, in the order of the findings. */
  readonly workloads: readonly string[];
  readonly findings: readonly Finding[];
}

export interface FleetFindings<Finding extends WorkloadFinding> {
  readonly individual: readonly Finding[];
  readonly fleetWide: readonly FleetFinding<Finding>[];
}

export interface OutageOptions {
  /** Workloads that were watched, with and without findings. */
  readonly watched: number;
  /** How far apart beginnings of one event may be, ms. */
  readonly windowMs: number;
  /** So many workloads are an event, if they are more than a fifth of all. */
  readonly leastWorkloads: (kind: string) => number;
}

/** Chance does not hit more than a fifth of independent workloads within minutes. */
const LEAST_SHARE = 0.2;

/** Findings that are one event of the fleet, once each, and those that are the workload's own, in their order. */
export function groupOutages<Finding extends WorkloadFinding>(
  findings: readonly Finding[],
  options: OutageOptions,
): FleetFindings<Finding> {
  const fleetWide = [...byKind(findings)].flatMap(([kind, ofKind]) =>
    crowds(ofKind, options, options.leastWorkloads(kind)).map((crowd) => ({
      kind,
      since: crowd[0]?.since ?? NaN,
      workloads: [...new Set(crowd.map(({ workload }) => workload))],
      findings: crowd,
    })),
  );
  const taken = new Set(fleetWide.flatMap((event) => event.findings));
  return { individual: findings.filter((finding) => !taken.has(finding)), fleetWide };
}

function byKind<Finding extends WorkloadFinding>(findings: readonly Finding[]): Map<string, Finding[]> {
  const kinds = new Map<string, Finding[]>();
  for (const finding of findings) {
    const ofKind = kinds.get(finding.kind);
    if (ofKind === undefined) kinds.set(finding.kind, [finding]);
    else ofKind.push(finding);
  }
  return kinds;
}

/**
 * Findings within a window that holds enough workloads; windows that share a finding are one crowd. Not whatever follows
 * upon another within a window: in a fleet large enough something always does.
 */
function crowds<Finding extends WorkloadFinding>(
  findings: readonly Finding[],
  { watched, windowMs }: OutageOptions,
  least: number,
): Finding[][] {
  const sorted = findings.toSorted((a, b) => a.since - b.since);
  const within = new Map<string, number>();
  const found: Finding[][] = [];
  let first = 0;
  let taken = 0;
  sorted.forEach((finding, last) => {
    within.set(finding.workload, (within.get(finding.workload) ?? 0) + 1);
    while ((sorted[first]?.since ?? Infinity) < finding.since - windowMs) leave(within, sorted[first++]);
    if (within.size < least || within.size <= LEAST_SHARE * watched) return;
    const joins = first < taken;
    const crowd = sorted.slice(Math.max(first, taken), last + 1);
    if (joins) found.at(-1)?.push(...crowd);
    else found.push(crowd);
    taken = last + 1;
  });
  return found;
}

function leave(within: Map<string, number>, finding: WorkloadFinding | undefined): void {
  if (finding === undefined) return;
  const left = (within.get(finding.workload) ?? 0) - 1;
  if (left > 0) within.set(finding.workload, left);
  else within.delete(finding.workload);
}
