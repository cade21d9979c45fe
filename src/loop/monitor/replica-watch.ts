/**
 * Who moved the replicas? Every value seen is compared with the last one known; a difference that the operator
 * did not write itself is somebody else's, and a person's change stands for a while.
 *
 * The object seen may be older than the operator's own last write (a cache lags), and it may be younger although
 * it shows the same number (somebody put it back between two looks). The decision annotation, which is written by
 * the same patch as the replicas, tells the two apart.
 */
export interface ReplicaWatch {
  /** Last value seen, or read back at a restart; undefined before the first look. */
  known: number | undefined;
  /** The write that may reach the target at any moment. */
  sending: OwnWrite | undefined;
  /** The last write that the API server accepted and that has not been seen yet. */
  accepted: (OwnWrite & { readonly at: number }) | undefined;
  change: ReplicaChange | undefined;
}

interface OwnWrite {
  readonly decisionId: string;
  readonly replicas: number;
}

/** Somebody other than the operator changed `spec.replicas`. Times in ms since the epoch. */
export interface ReplicaChange {
  readonly at: number;
  /** Undefined when the change was made under an earlier process, of which only the fact is known. */
  readonly from: number | undefined;
  readonly to: number;
  /** Field manager by the object's managed fields, where it could be told. */
  readonly manager?: string;
}

export interface SeenReplicas {
  readonly now: number;
  readonly replicas: number;
  /** The decision annotation that the object carries, if any. */
  readonly decisionId: string | undefined;
  readonly manager: string | undefined;
}

/** Watches deliver within seconds, and a silent one is renewed within 45 s: after that nothing is waited for. */
const VISIBLE_WITHIN_MS = 60_000;

export function createReplicaWatch(known?: number, change?: ReplicaChange): ReplicaWatch {
  return { known, sending: undefined, accepted: undefined, change };
}

/** Notes what is seen now; returns true when somebody else has just changed it. */
export function observeReplicas(watch: ReplicaWatch, seen: SeenReplicas): boolean {
  const before = ownWriteIn(watch, seen) ?? watch.known;
  watch.known = seen.replicas;
  if (before === undefined || before === seen.replicas) return false;
  const { now: at, replicas: to, manager } = seen;
  watch.change = {
    at,
    from: watch.accepted?.replicas ?? before,
    to,
    ...(manager === undefined ? {} : { manager }),
  };
  watch.accepted = undefined;
  return true;
}

/** The value of the operator's own write that is now seen to have arrived; each is found once. */
function ownWriteIn(watch: ReplicaWatch, { replicas, decisionId }: SeenReplicas): number | undefined {
  const arrived = (write: OwnWrite | undefined): boolean =>
    write !== undefined && (write.decisionId === decisionId || write.replicas === replicas);
  const { sending, accepted } = watch;
  if (arrived(sending)) {
    watch.sending = undefined;
    watch.accepted = undefined;
    return sending?.replicas;
  }
  if (!arrived(accepted)) return undefined;
  watch.accepted = undefined;
  return accepted?.replicas;
}

/** The operator is about to write: from here the value is its own and nobody else's. */
export function expectReplicas(watch: ReplicaWatch, decisionId: string, replicas: number): void {
  watch.sending = { decisionId, replicas };
}

/** The API server accepted the write. */
export function acceptReplicas(watch: ReplicaWatch, decisionId: string, at: number): void {
  const { sending } = watch;
  // Seen already, while the answer was on its way.
  if (sending?.decisionId !== decisionId) return;
  watch.sending = undefined;
  watch.accepted = { ...sending, at };
}

/** The write did not happen. */
export function expectNothing(watch: ReplicaWatch, decisionId: string): void {
  if (watch.sending?.decisionId === decisionId) watch.sending = undefined;
}

/** What is seen is older than what was written: a decision made from it would be made from the past. */
export function ownWriteUnseen({ accepted }: ReplicaWatch, now: number): boolean {
  return accepted !== undefined && now - accepted.at < VISIBLE_WITHIN_MS;
}
