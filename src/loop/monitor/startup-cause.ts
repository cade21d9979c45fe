import type { PodView } from './observation.ts';

/**
 * What a start had to wait for, as far as pods tell: `NewNode`, a node had to be made; `ColdImage`, the image had to be
 * pulled; `WarmImage`, neither. `Unknown` where the pod does not say where it runs.
 */
export const STARTUP_CAUSES = ['WarmImage', 'ColdImage', 'NewNode', 'Unknown'] as const;
export type StartupCause = (typeof STARTUP_CAUSES)[number];

/** Since when an image is known to be on a node, ms since the epoch, by `nodeAndImage`; least recently used first. */
export type ImagesOnNodes = Map<string, number>;

/** The nodes of the largest clusters run a few pods of one workload each; older ones are forgotten. */
const MAX_IMAGES = 512;

/**
 * A pod for which there is room has its node within a second, and within ten when it was put back once; a node that
 * has to be made takes half a minute at the least.
 */
const LONGEST_SCHEDULING_MS = 15_000;

/** Notes that the pod's image is on its node since the pod became ready, at the latest. */
export function rememberImage(images: ImagesOnNodes, pod: PodView): void {
  const key = nodeAndImage(pod);
  if (key === undefined || pod.readyChangedAt === undefined) return;
  const since = Math.min(images.get(key) ?? Infinity, pod.readyChangedAt);
  images.delete(key);
  images.set(key, since);
  if (images.size <= MAX_IMAGES) return;
  for (const oldest of images.keys()) {
    images.delete(oldest);
    return;
  }
}

/**
 * What the start of this pod had to wait for, by what was noted of pods that became ready before it. Its own readiness
 * must not be noted yet: Kubernetes' times are whole seconds, and a quick start would take its own image for an old one.
 */
export function causeOfStart(images: ImagesOnNodes, pod: PodView): StartupCause {
  const { createdAt, scheduledAt, nodeCreatedAt } = pod;
  if (nodeCreatedAt !== undefined && nodeCreatedAt > createdAt) return 'NewNode';
  if (scheduledAt !== undefined && scheduledAt - createdAt > LONGEST_SCHEDULING_MS) return 'NewNode';
  const key = nodeAndImage(pod);
  if (key === undefined) return 'Unknown';
  // A pod that was created while the first one still pulled the image has waited for it as well.
  return (images.get(key) ?? Infinity) <= createdAt ? 'WarmImage' : 'ColdImage';
}

function nodeAndImage({ node, image }: PodView): string | undefined {
  return node === undefined || image === undefined ? undefined : `${node} ${image}`;
}
