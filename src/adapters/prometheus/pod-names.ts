import { escapeRegex } from './promql-strings.ts';

/** Characters that Kubernetes uses in generated names (apimachinery util/rand): no vowels, no 0, 1, 3. */
const SAFE = '[bcdfghjklmnpqrstvwxz2456789]';
/** Longest base of a generated name (apiserver storage/names): 63 less five random characters. */
const MAX_BASE = 58;
/** Longest hash of a pod template: ten digits of a uint32, written in the safe characters. */
const MAX_HASH = 10;

/**
 * RE2 pattern, to be anchored, for the names of the pods of a workload, also of those long gone.
 *
 * The past has no owner references: joining with `kube_pod_owner` needs kube-state-metrics for the whole past and
 * two joins at each step. Names are in every series, and Kubernetes makes them by rule: `<deployment>-<hash>-<five>`
 * and `<statefulset>-<ordinal>`. The alphabet of the generated parts has no vowels, so `web-.*` would also take the
 * pods of a Deployment `web-api`, this pattern does not.
 */
export function podNamePattern(kind: 'Deployment' | 'StatefulSet', name: string): string {
  if (kind === 'StatefulSet') return `${escapeRegex(name)}-[0-9]+`;
  const base = escapeRegex(name.slice(0, MAX_BASE));
  const random = `${SAFE}{5}`;
  // What is left of `-<hash>-` after the base is cut to its longest.
  const room = MAX_BASE - name.length;
  if (room <= 0) return `${base}${random}`;
  if (room <= MAX_HASH + 1) return `${base}-${SAFE}{0,${room - 1}}-?${random}`;
  return `${base}-${SAFE}{1,${MAX_HASH}}-${random}`;
}
