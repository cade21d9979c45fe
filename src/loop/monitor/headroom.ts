import type { TargetView } from './observation.ts';

/**
 * Replicas that were ordered and do not come: no node has room for them, or a quota, a webhook or a missing right keeps
 * them from being created. Only what the API server itself says counts; no metric is asked.
 */
export interface Headroom {
  /** Since when there have been fewer pods than replicas ordered, ms; undefined while there are enough. */
  shortSince: number | undefined;
}

/** The cluster autoscaler gives up on a node after this time (`--max-node-provision-time`): until then it may come. */
const NODE_MAY_COME_MS = 15 * 60_000;

/**
 * The ReplicaSet controller creates pods in slow-start batches within seconds and retries a refusal with growing pauses;
 * after two minutes it is not merely slow.
 */
const CREATION_MAY_TAKE_MS = 120_000;

export function createHeadroom(): Headroom {
  return { shortSince: undefined };
}

/** Why more replicas would not come either, in words; undefined when nothing speaks against them. */
export function observeHeadroom(headroom: Headroom, now: number, target: TargetView): string | undefined {
  const waiting = target.pods.filter(
    ({ deleting, phase, scheduledAt, createdAt }) =>
      !deleting && phase === 'Pending' && scheduledAt === undefined && now - createdAt >= NODE_MAY_COME_MS,
  ).length;
  const live = target.pods.filter(({ deleting, phase }) => !deleting && phase !== 'Failed').length;
  const missing = target.specReplicas - live;
  // While an older revision goes, its pods and those that are still to come are not told apart. A StatefulSet
  // creates them one after the other, and a pod that is not ready holds up the rest: that is no quota.
  const tellable = !target.rolloutInProgress && target.kind !== 'StatefulSet';
  if (missing <= 0 || !tellable) headroom.shortSince = undefined;
  else headroom.shortSince = Math.min(headroom.shortSince ?? now, now);
  if (waiting > 0) return `${waiting} of ${live} pods found no node for 15 min`;
  if (headroom.shortSince === undefined || now - headroom.shortSince < CREATION_MAY_TAKE_MS) return undefined;
  return `${missing} of ${target.specReplicas} pods are not created: look for a quota or a refusing webhook`;
}
