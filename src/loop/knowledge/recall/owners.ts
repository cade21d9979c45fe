import type { Situation } from '../situation.ts';

/** Whose situations: one policy and its workload, and what makes vectors and arms of theirs comparable. */
export interface Owner {
  readonly policy: Situation['policy'];
  readonly workload: Situation['workload'];
  readonly workloadClass: Situation['workloadClass'];
  readonly embeddingVersion: number;
}

/** Each owner once, with the number of its situations; a place without any is free for the next. */
export interface Owners {
  readonly entries: (Owner | undefined)[];
  readonly counts: number[];
  readonly places: Map<string, number>;
  readonly free: number[];
}

export function createOwners(): Owners {
  return { entries: [], counts: [], places: new Map(), free: [] };
}

/** The place of a situation's owner, which has one situation more now. */
export function joinOwner(owners: Owners, situation: Owner): number {
  const { policy, workload, workloadClass, embeddingVersion } = situation;
  const key = keyOf(situation);
  let place = owners.places.get(key);
  if (place === undefined) {
    place = owners.free.pop() ?? owners.entries.length;
    owners.places.set(key, place);
    owners.entries[place] = {
      policy: { ...policy },
      workload: { ...workload },
      workloadClass,
      embeddingVersion,
    };
    owners.counts[place] = 0;
  }
  owners.counts[place] = (owners.counts[place] ?? 0) + 1;
  return place;
}

/** One situation less; with the last one the owner is forgotten. */
export function leaveOwner(owners: Owners, place: number): void {
  const left = (owners.counts[place] ?? 1) - 1;
  owners.counts[place] = left;
  const owner = owners.entries[place];
  if (left > 0 || owner === undefined) return;
  owners.places.delete(keyOf(owner));
  owners.entries[place] = undefined;
  owners.free.push(place);
}

/** Names belong to it: a policy keeps its uid when its target is made anew under another name. */
function keyOf({ policy, workload, workloadClass, embeddingVersion }: Owner): string {
  return [
    policy.uid,
    policy.namespace,
    policy.name,
    workload.uid,
    workload.kind,
    workload.name,
    workloadClass,
    embeddingVersion,
  ].join('\n');
}
