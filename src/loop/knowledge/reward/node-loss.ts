import type { PodView } from '../../monitor/observation.ts';

/** What was where at the last look. Plain data, mutated by `observeNodes`. */
export interface NodeWatch {
  /** Names of the ready pods of each node. */
  ready: readonly (readonly string[])[];
  /** Names of the pods whose state nobody knew. */
  unknown: readonly string[];
}

/** One pod that fails may have itself to blame; all of two or more on one node at once have the node in common. */
const PODS_OF_A_NODE = 2;

export function createNodeWatch(): NodeWatch {
  return { ready: [], unknown: [] };
}

/**
 * Have pods just been lost together with their node? So it is when a pod's state becomes unknown, which only a node that
 * does not answer causes, or when all of two or more ready pods of one node, and no others, are not ready any more. Pods
 * that fail on several nodes at once may well be overloaded, and that is an outcome. What was deleted tells nothing, and a
 * node with one pod of the workload cannot be told from the pod.
 */
export function observeNodes(watch: NodeWatch, pods: readonly PodView[]): boolean {
  const before = { ...watch };
  const unknown = pods.filter(({ phase, deleting }) => phase === 'Unknown' && !deleting);
  watch.ready = readyByNode(pods);
  watch.unknown = unknown.map(({ name }) => name);
  if (watch.unknown.some((name) => !before.unknown.includes(name))) return true;

  const failed = new Set(pods.filter(({ ready, deleting }) => !ready && !deleting).map(({ name }) => name));
  const hit = before.ready.filter((names) => names.some((name) => failed.has(name)));
  const [only, ...others] = hit;
  return (
    only !== undefined &&
    others.length === 0 &&
    before.ready.length > 1 &&
    only.length >= PODS_OF_A_NODE &&
    only.every((name) => failed.has(name))
  );
}

function readyByNode(pods: readonly PodView[]): readonly (readonly string[])[] {
  const nodes = new Map<string, string[]>();
  for (const { name, node, ready, deleting } of pods) {
    if (node === undefined || !ready || deleting) continue;
    const names = nodes.get(node);
    if (names === undefined) nodes.set(node, [name]);
    else names.push(name);
  }
  return [...nodes.values()];
}
