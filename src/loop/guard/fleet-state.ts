import { isLarge, SLOT_SECONDS, type FleetDoubt, type FleetView } from './fleet-view.ts';
import {
  createNeeds,
  forgetNeeds,
  latestNeed,
  needAgo,
  NEED_MINUTES,
  noteNeed,
  type Needs,
} from './fleet-needs.ts';

/**
 * All policies together. A drop that many workloads show in the same minutes is a metrics outage until shown
 * otherwise: one exporter, one scrape job or one Prometheus feeds them all, and their users do not (reliability: F32, F33).
 * Looked at for the fleet, for each namespace and for each source of metrics. Changed in place by its single owner.
 */
export interface FleetState {
  readonly members: Map<string, FleetMember>;
  /** When all members were last looked at together, ms; NaN before the first time. */
  surveyedAt: number;
  /** By group. */
  readonly doubts: Map<string, GroupDoubt>;
  /** Workloads that were lowered by a large step within the last ten minutes, and members that speak. */
  lowered: number;
  size: number;
}

interface FleetMember {
  readonly uid: string;
  readonly namespace: string;
  reportedAt: number;
  /** Since when it has wanted a large decrease, ms; NaN while it does not. */
  wantedAt: number;
  /** When it was last lowered by a large step, ms; NaN before. */
  loweredAt: number;
  /** The count from which it has been lowered within ten minutes, and when that began. */
  descent: { readonly at: number; readonly replicas: number } | undefined;
  /** Replicas that the measured demand asks for, in all and by source. */
  needs: Needs;
  readonly bySource: Map<string, Needs>;
}

interface GroupDoubt extends FleetDoubt {
  /** Replicas that the group's demand asked for before the drop. */
  readonly level: number;
  /** Whose wishes raised the doubt; empty when the demand itself did. */
  readonly suspects: readonly string[];
}

/** One policy after its tick. Replica counts; times in ms since the epoch. */
export interface FleetReport {
  readonly uid: string;
  readonly namespace: string;
  readonly current: number;
  /** What it would have, by its plan and its range; undefined while it cannot tell. */
  readonly wanted: number | undefined;
  /** Replicas that the demand as measured asks for, by the source that measured it; unknown ones are left out. */
  readonly needs: readonly { readonly source: string; readonly replicas: number }[];
  /** What it has just decided to have; undefined when it decided nothing. */
  readonly decided: number | undefined;
}

/** Fewer are no fleet: what five workloads do at once may well be meant (reliability: F32). */
const MIN_MEMBERS = 5;
const MINUTE_MS = 60_000;
/** A share of wishes, a fall of the total and how long the doubt lasts (reliability: F32). */
const WISHING_SHARE = 0.2;
const FALL_SHARE = 0.4;
const DOUBT_MS = 30 * MINUTE_MS;
/** Four fifths of what it was before: the load is seen again. */
const SEEN_AGAIN_SHARE = 0.8;
/** "At once" is within as many minutes as a fall is looked back at. */
const AT_ONCE_MS = NEED_MINUTES * MINUTE_MS;
/** Who has not reported for longer says nothing about now. */
const SILENT_MS = 2 * MINUTE_MS;
/** And who has not for so long is no longer there. */
const FORGOTTEN_MS = 60 * MINUTE_MS;
/** Lowered by a large step: at most this share of the workloads within ten minutes (reliability: I7) … */
const SLOT_SHARE = 0.05;
/** … and five in a small fleet, or each of twenty workloads would wait three hours for its turn. */
const MIN_SLOTS = 5;

export function createFleetState(): FleetState {
  return { members: new Map(), surveyedAt: NaN, doubts: new Map(), lowered: 0, size: 0 };
}

/** Takes in what one policy reports after its tick. */
export function observeMember(fleet: FleetState, now: number, report: FleetReport): void {
  const { uid, namespace, current, wanted, decided } = report;
  const member = fleet.members.get(uid) ?? createMember(uid, namespace);
  fleet.members.set(uid, member);
  member.reportedAt = now;
  noteNeeds(member, now, report.needs);
  if (wanted === undefined || !isLarge(current, wanted)) member.wantedAt = NaN;
  else if (Number.isNaN(member.wantedAt)) member.wantedAt = now;
  if (decided !== undefined && decided < current) noteDecrease(fleet, member, { now, current, decided });
}

/** Steps within ten minutes are one step: four small ones take as much away as a large one. */
function noteDecrease(
  fleet: FleetState,
  member: FleetMember,
  { now, current, decided }: { readonly now: number; readonly current: number; readonly decided: number },
): void {
  const { descent } = member;
  const from =
    descent !== undefined && now - descent.at < SLOT_SECONDS * 1000
      ? descent
      : { at: now, replicas: current };
  member.descent = from;
  if (!isLarge(Math.max(from.replicas, current), decided)) return;
  if (!isLowered(member, now)) fleet.lowered += 1;
  member.loweredAt = now;
}

export function forgetMember(fleet: FleetState, uid: string): void {
  fleet.members.delete(uid);
}

/** Looks at all members together, before each round. Returns the doubts that have begun. */
export function surveyFleet(fleet: FleetState, now: number): readonly FleetDoubt[] {
  fleet.surveyedAt = now;
  for (const [uid, { reportedAt }] of fleet.members) {
    if (now - reportedAt > FORGOTTEN_MS) fleet.members.delete(uid);
  }
  const groups = tallies(fleet, now);
  fleet.size = groups.get(FLEET)?.size ?? 0;
  fleet.lowered = [...fleet.members.values()].filter((member) => isLowered(member, now)).length;
  for (const [group, doubt] of fleet.doubts) {
    if (isOver(fleet, doubt, groups.get(group), now)) fleet.doubts.delete(group);
  }
  const begun: FleetDoubt[] = [];
  for (const [group, tally] of groups) {
    if (fleet.doubts.has(group)) continue;
    const doubt = doubtOf(group, tally, now);
    if (doubt === undefined) continue;
    fleet.doubts.set(group, doubt);
    begun.push(doubt);
  }
  return begun;
}

/** What the fleet means for one policy; undefined where there is no fleet. */
export function fleetView(fleet: FleetState, uid: string, now: number): FleetView | undefined {
  if (fleet.size < MIN_MEMBERS) return undefined;
  const member = fleet.members.get(uid);
  const slots = Math.max(MIN_SLOTS, Math.floor(SLOT_SHARE * fleet.size));
  const groups = member === undefined ? [FLEET] : groupsOf(member);
  const doubt = groups.map((group) => fleet.doubts.get(group)).find((one) => one !== undefined);
  return {
    doubt:
      doubt && now < doubt.until
        ? { since: doubt.since, until: doubt.until, message: doubt.message }
        : undefined,
    asked: member !== undefined && member.wantedAt < fleet.surveyedAt,
    slotFree: fleet.lowered < slots || (member !== undefined && isLowered(member, now)),
    slots,
  };
}

const FLEET = 'fleet';

function createMember(uid: string, namespace: string): FleetMember {
  return {
    uid,
    namespace,
    reportedAt: NaN,
    wantedAt: NaN,
    loweredAt: NaN,
    descent: undefined,
    needs: createNeeds(),
    bySource: new Map(),
  };
}

function noteNeeds(member: FleetMember, now: number, needs: FleetReport['needs']): void {
  noteNeed(member.needs, now, needs.length === 0 ? NaN : Math.max(...needs.map(({ replicas }) => replicas)));
  const sources = new Map<string, number>();
  for (const { source, replicas } of needs) sources.set(source, Math.max(sources.get(source) ?? 0, replicas));
  for (const [source, ring] of member.bySource) if (!sources.has(source)) forgetNeeds(ring);
  for (const [source, replicas] of sources) {
    const ring = member.bySource.get(source) ?? createNeeds();
    member.bySource.set(source, ring);
    noteNeed(ring, now, replicas);
  }
}

function isLowered({ loweredAt }: FleetMember, now: number): boolean {
  return now - loweredAt < SLOT_SECONDS * 1000;
}

function groupsOf({ namespace, bySource }: FleetMember): readonly string[] {
  return [FLEET, `namespace ${namespace}`, ...[...bySource.keys()].map((source) => `source ${source}`)];
}

/** What a group's members show together. Index 0 of the arrays is one minute ago. */
interface Tally {
  size: number;
  readonly wishing: string[];
  readonly before: number[];
  readonly now: number[];
  readonly fallen: number[];
}

function tallies({ members }: FleetState, now: number): ReadonlyMap<string, Tally> {
  const groups = new Map<string, Tally>();
  for (const member of members.values()) {
    if (now - member.reportedAt > SILENT_MS) continue;
    const wishing = now - member.wantedAt <= AT_ONCE_MS;
    const count = (group: string, needs: Needs): void => {
      const tally = tallyOf(groups, group);
      tally.size += 1;
      if (wishing) tally.wishing.push(member.uid);
      addNeeds(tally, needs);
    };
    count(FLEET, member.needs);
    count(`namespace ${member.namespace}`, member.needs);
    for (const [source, needs] of member.bySource) count(`source ${source}`, needs);
  }
  return groups;
}

function tallyOf(groups: Map<string, Tally>, group: string): Tally {
  const known = groups.get(group);
  if (known !== undefined) return known;
  const zeros = (): number[] => new Array<number>(NEED_MINUTES).fill(0);
  const tally: Tally = { size: 0, wishing: [], before: zeros(), now: zeros(), fallen: zeros() };
  groups.set(group, tally);
  return tally;
}

/** Compared are those only of whom both moments are known. */
function addNeeds({ before, now, fallen }: Tally, needs: Needs): void {
  const latest = latestNeed(needs);
  if (Number.isNaN(latest)) return;
  for (let i = 0; i < NEED_MINUTES; i += 1) {
    const former = needAgo(needs, i + 1);
    if (Number.isNaN(former)) continue;
    before[i] = (before[i] ?? 0) + former;
    now[i] = (now[i] ?? 0) + latest;
    if (latest < (1 - FALL_SHARE) * former) fallen[i] = (fallen[i] ?? 0) + 1;
  }
}

function doubtOf(group: string, found: Tally, now: number): GroupDoubt | undefined {
  const { size, wishing, before } = found;
  if (size < MIN_MEMBERS) return undefined;
  const until = now + DOUBT_MS;
  const level = Math.max(...before);
  const where = group === FLEET ? 'the fleet' : group;
  if (wishing.length >= MIN_MEMBERS && wishing.length > WISHING_SHARE * size) {
    const message = `${wishing.length} of ${size} workloads of ${where} want far fewer replicas at once`;
    return { since: now, until, level, suspects: wishing, message };
  }
  const minutes = found.now.findIndex(
    (total, i) => total < (1 - FALL_SHARE) * (before[i] ?? 0) && (found.fallen[i] ?? 0) >= MIN_MEMBERS,
  );
  if (minutes === -1) return undefined;
  const [from, to] = [before[minutes] ?? 0, found.now[minutes] ?? 0];
  const message = `the demand on ${where} fell from ${from} to ${to} replicas' worth within ${minutes + 1} min`;
  return { since: now, until, level: from, suspects: [], message };
}

function isOver({ members }: FleetState, doubt: GroupDoubt, found: Tally | undefined, now: number): boolean {
  if (found === undefined || now >= doubt.until || now < doubt.since) return true;
  const total = Math.max(...found.now);
  const wishing = doubt.suspects.filter((uid) => !Number.isNaN(members.get(uid)?.wantedAt ?? NaN));
  return total >= SEEN_AGAIN_SHARE * doubt.level && wishing.length <= doubt.suspects.length / 2;
}
