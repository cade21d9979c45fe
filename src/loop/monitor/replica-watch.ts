/**
 * Who moved the replicas? Every value seen is compared with the last one known; a difference that the operator
 * did not write itself is somebody else's, and a person's change stands for a while.
 */
export interface ReplicaWatch {
  /** Last value seen, or written by this operator; undefined before the first look. */
  known: number | undefined;
  /** Value of an action whose result has not been seen yet. */
  expected: number | undefined;
  change:
    | { readonly at: number; readonly from: number; readonly to: number; readonly manager?: string }
    | undefined;
}

export function createReplicaWatch(known?: number): ReplicaWatch {
  return { known, expected: undefined, change: undefined };
}

/** Notes what is seen now; returns true when somebody else has just changed it. */
export function observeReplicas(
  watch: ReplicaWatch,
  now: number,
  replicas: number,
  manager?: string,
): boolean {
  const { known, expected } = watch;
  if (replicas === expected || known === undefined) {
    watch.known = replicas;
    if (replicas === expected) watch.expected = undefined;
    return false;
  }
  // A cache may still show the value before our own write: that is no change by anybody.
  if (replicas === known) return false;
  watch.change = { at: now, from: known, to: replicas, ...(manager === undefined ? {} : { manager }) };
  watch.known = replicas;
  watch.expected = undefined;
  return true;
}

/** The operator is about to write `replicas` itself. */
export function expectReplicas(watch: ReplicaWatch, replicas: number): void {
  watch.expected = replicas;
}

/** The write did not happen. */
export function expectNothing(watch: ReplicaWatch): void {
  watch.expected = undefined;
}
