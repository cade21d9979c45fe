import { short } from '../../../short.ts';
import type { Evidence } from '../anomaly.ts';
import { createCostWatch, observeCost, type CostWatch } from '../shape/cost.ts';

/** What the workloads of each namespace cost together, against what is usual. Changed in place by its single owner. */
export interface NamespaceCosts {
  readonly members: Map<string, CostMember>;
  readonly watches: Map<string, CostWatch>;
  /** By uid of the member that tells of its namespace. */
  found: ReadonlyMap<string, Evidence>;
  /** Minutes since the epoch of the last survey; NaN before. */
  minute: number;
}

/** One workload after its tick. */
export interface CostMember {
  readonly uid: string;
  readonly namespace: string;
  /** In the currency of its policy, an hour; NaN where that names no price. */
  readonly rate: number;
  /** ms since the epoch. */
  readonly at: number;
}

const MINUTE_MS = 60_000;
/** Who has not reported for so long is no part of the sum. */
const SILENT_MS = 5 * MINUTE_MS;
/** One minute in a thousand: money is lost slowly, and people decide. */
const UNUSUAL = 3;

export function createNamespaceCosts(): NamespaceCosts {
  return { members: new Map(), watches: new Map(), found: new Map(), minute: NaN };
}

export function observeMemberCost(costs: NamespaceCosts, member: CostMember): void {
  costs.members.set(member.uid, member);
}

export function forgetMemberCost(costs: NamespaceCosts, uid: string): void {
  costs.members.delete(uid);
}

/** Once a minute, however often it is called: judges each namespace, and says so at its most expensive workload. */
export function surveyCosts(costs: NamespaceCosts, now: number): void {
  const minute = Math.floor(now / MINUTE_MS);
  if (minute === costs.minute) return;
  costs.minute = minute;
  const found = new Map<string, Evidence>();
  for (const [namespace, members] of byNamespace(costs, now)) {
    const watch = costs.watches.get(namespace) ?? createCostWatch();
    costs.watches.set(namespace, watch);
    const rate = members.reduce((sum, member) => sum + member.rate, 0);
    const { surprise, expected, upper } = observeCost(watch, rate, now);
    const most = members.reduce((a, b) => (b.rate > a.rate ? b : a));
    if (!(surprise >= UNUSUAL) || rate <= upper) continue;
    found.set(most.uid, {
      kind: 'Cost',
      signal: 'cost',
      surprise,
      onset: true,
      expected,
      actual: rate,
      message: `the workloads of ${namespace} cost ${short(rate)} an hour where ${short(expected)} is usual, this one ${short(most.rate)}`,
    });
  }
  costs.found = found;
}

function byNamespace({ members }: NamespaceCosts, now: number): Map<string, CostMember[]> {
  const groups = new Map<string, CostMember[]>();
  for (const member of members.values()) {
    if (!(member.rate >= 0) || now - member.at >= SILENT_MS) continue;
    groups.set(member.namespace, [...(groups.get(member.namespace) ?? []), member]);
  }
  return groups;
}
